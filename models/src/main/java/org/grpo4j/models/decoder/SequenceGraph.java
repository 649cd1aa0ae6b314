package org.grpo4j.models.decoder;

import org.grpo4j.framework.op.Attention;
import org.grpo4j.models.config.DecoderConfig;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A decoder over whole sequences, as training and scoring run it. Placeholders: {@value #IDS} {@code [batch · time]}
 * INT32 and, with padding on the left, {@value #POSITIONS} {@code [batch · time]} INT32 and {@value #PADDING}
 * {@code [batch, time]}, 0 for real tokens and {@link Attention#MASKED} for padding.
 *
 * @param decoder for the head and the parameters
 * @param shape of the batch
 * @param hidden final hidden states {@code [batch · time, width]}
 */
public record SequenceGraph(DecoderGraph decoder, SequenceShape shape, SDVariable hidden) {
    public static final String IDS = "ids";
    public static final String POSITIONS = "positions";
    public static final String PADDING = "padding";

    /** {@link #add(SameDiff, DecoderModel, SequenceShape, AdapterDropout)} without dropout. */
    public static SequenceGraph add(SameDiff graph, DecoderModel model, SequenceShape shape) {
        return add(graph, model, shape, null);
    }

    /**
     * Adds the decoder to a graph, up to the hidden states.
     *
     * @param dropout of the adapter's inputs, or null for none
     */
    public static SequenceGraph add(
            SameDiff graph, DecoderModel model, SequenceShape shape, @Nullable AdapterDropout dropout) {
        DecoderConfig config = model.config();
        DataType type = model.parameters().dataType();
        SDVariable ids = graph.placeHolder(IDS, DataType.INT32, shape.tokens());
        SDVariable positions = shape.leftPadding()
                ? graph.placeHolder(POSITIONS, DataType.INT32, shape.tokens())
                : graph.constant(Nd4j.createFromArray(shape.countedPositions()));
        Rotary rotary = Rotary.at(graph, config, positions, shape.tokens(), shape.time(), type);
        Attention attention =
                new Attention(shape.batch(), shape.time(), config.heads(), config.kvHeads(), config.headDim());
        DecoderGraph decoder = new DecoderGraph(graph, model, dropout);
        SDVariable hidden;
        if (shape.leftPadding()) {
            SDVariable padding = graph.placeHolder(PADDING, type, shape.batch(), shape.time());
            hidden = decoder.hidden(ids, rotary, (layer, q, k, v) -> attention.apply(q, k, v, padding));
        } else {
            hidden = decoder.hidden(ids, rotary, (layer, q, k, v) -> attention.apply(q, k, v));
        }
        return new SequenceGraph(decoder, shape, hidden);
    }
}
