package org.grpo4j.training.trainer;

import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.decoder.DecoderModel;

/**
 * A model and the part of it that trains. Everything else is frozen: it has neither gradients nor optimiser state.
 *
 * @param model what computes the log-probabilities
 * @param parameters the arrays that train, by their names in the model; not owned
 */
public record Trainable(DecoderModel model, ParameterStore parameters) {

    /** A model of which everything trains: its adapter if it has one, or else all parameters. */
    public static Trainable of(DecoderModel model) {
        return new Trainable(
                model,
                model.adapter() == null ? model.parameters() : model.adapter().parameters());
    }
}
