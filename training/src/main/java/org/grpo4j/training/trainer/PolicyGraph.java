package org.grpo4j.training.trainer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.LanguageModelHead.Scores;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.AdapterDropout;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.decoder.SequenceGraph;
import org.grpo4j.models.decoder.SequenceShape;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A policy's log-probabilities of given completions, in a graph. The head runs on completion tokens only, so prompts
 * cost no logits, and in chunks, so that the logits of all tokens are never held.
 *
 * @param shape of the micro-batches
 * @param logProbs {@code [rows, completionTime]}; column 0 is each row's first completion token
 * @param entropies of the distributions the tokens were drawn from, the same shape; null if not asked for
 * @param states final hidden states that predict the completion tokens, {@code [rows · completionTime, width]}
 * @param parameters the variables of the model's parameters, those of its adapter among them, by name
 * @param layerBoundaries see {@link org.grpo4j.models.decoder.DecoderGraph#layerBoundaries}
 */
record PolicyGraph(
        Shape shape,
        SDVariable logProbs,
        @Nullable SDVariable entropies,
        SDVariable states,
        Map<String, SDVariable> parameters,
        List<String> layerBoundaries) {
    /** Placeholder {@code [rows · completionTime]} INT32: the row of hidden states that predicts a completion token. */
    private static final String PREDICTORS = "predictors";
    /** Placeholder {@code [rows · completionTime]} INT32: the completion tokens. */
    private static final String TARGETS = "targets";

    /**
     * Adds a policy to a graph.
     *
     * @param temperature that the completions are sampled at: the policy is the softmax of logits / temperature
     */
    static PolicyGraph add(SameDiff graph, DecoderModel model, Shape shape, double temperature, boolean withEntropies) {
        return add(graph, model, shape, temperature, withEntropies, null);
    }

    /** The same as it is trained: with dropout, if the model has an adapter that asks for it. */
    static PolicyGraph trained(
            SameDiff graph, DecoderModel model, Shape shape, double temperature, boolean withEntropies) {
        LoraAdapter adapter = model.adapter();
        AdapterDropout dropout = adapter != null && adapter.config().dropout() > 0
                ? new AdapterDropout(graph, model, adapter, shape.rows() * shape.time())
                : null;
        return add(graph, model, shape, temperature, withEntropies, dropout);
    }

    private static PolicyGraph add(
            SameDiff graph,
            DecoderModel model,
            Shape shape,
            double temperature,
            boolean withEntropies,
            @Nullable AdapterDropout dropout) {
        DecoderConfig config = model.config();
        int rows = shape.rows();
        int time = shape.completionTime();
        SequenceGraph sequence = SequenceGraph.add(graph, model, new SequenceShape(rows, shape.time()), dropout);
        SDVariable predictors = graph.placeHolder(PREDICTORS, DataType.INT32, (long) rows * time);
        SDVariable targets = graph.placeHolder(TARGETS, DataType.INT32, (long) rows * time);
        SDVariable selected =
                Ops.embedding(sequence.hidden(), predictors, sequence.shape().tokens());
        LanguageModelHead head =
                LanguageModelHead.of(rows * time, config.width(), config.vocabularySize(), temperature, withEntropies);
        Scores scores = head.score(selected, sequence.decoder().headWeight(), targets);
        SDVariable logProbs = scores.logProbs().reshape(rows, time);
        SDVariable entropies =
                scores.entropies() == null ? null : scores.entropies().reshape(rows, time);
        return new PolicyGraph(
                shape,
                logProbs,
                entropies,
                selected,
                sequence.decoder().variables(),
                sequence.decoder().layerBoundaries());
    }

    /** The variables of some parameters, in the order of the names. */
    List<SDVariable> parameters(Collection<String> names) {
        return names.stream().map(this::parameter).toList();
    }

    private SDVariable parameter(String name) {
        SDVariable variable = parameters.get(name);
        if (variable == null) {
            throw new IllegalArgumentException("the policy does not use a parameter '" + name + "'");
        }
        return variable;
    }

    /** Writes the tokens of a micro-batch into a plan of this graph. */
    static void fill(Plan plan, MicroBatch batch, List<TokenExample> examples) {
        Shape shape = batch.shape();
        int[] ids = new int[shape.rows() * shape.time()];
        int[] predictors = new int[shape.rows() * shape.completionTime()];
        int[] targets = new int[predictors.length];
        for (int row = 0; row < batch.examples().length; row++) {
            TokenExample example = examples.get(batch.examples()[row]);
            int[] prompt = example.prompt();
            int[] completion = example.completion();
            int start = row * shape.time();
            System.arraycopy(prompt, 0, ids, start, prompt.length);
            System.arraycopy(completion, 0, ids, start + prompt.length, completion.length);
            for (int t = 0; t < completion.length; t++) {
                int at = row * shape.completionTime() + t;
                predictors[at] = start + prompt.length + t - 1;
                targets[at] = completion[t];
            }
        }
        plan.input(SequenceGraph.IDS).data().setData(ids);
        plan.input(PREDICTORS).data().setData(predictors);
        plan.input(TARGETS).data().setData(targets);
    }
}
