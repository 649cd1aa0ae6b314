package org.grpo4j.training.trainer;

import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.op.Ops;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A critic on the policy's own body: {@code V_t = w · h_t + b}, where h_t is the final hidden state that also predicts
 * completion token t, so V_t is the value of the text before it. Begins at zero.
 *
 * @param parameters {@code value_head.weight [1, width]} and {@code value_head.bias [1]}
 */
record ValueHead(ParameterStore parameters) implements AutoCloseable {
    private static final String WEIGHT = "value_head.weight";
    private static final String BIAS = "value_head.bias";

    /** A head for hidden states of a width. */
    static ValueHead zeros(int width, DataType type) {
        ParameterStore parameters = new ParameterStore(type);
        parameters.putZeros(WEIGHT, 1, width);
        parameters.putZeros(BIAS, 1);
        return new ValueHead(parameters);
    }

    /**
     * Adds the head to the graph of the states, once a graph.
     *
     * @param states {@code [rows · time, width]}
     * @return values {@code [rows, time]}
     */
    SDVariable add(SDVariable states, int rows, int time) {
        SameDiff graph = states.getSameDiff();
        SDVariable weight = graph.var(WEIGHT, parameters.get(WEIGHT));
        SDVariable bias = graph.var(BIAS, parameters.get(BIAS));
        return Ops.linear(states, weight, bias).reshape(rows, time);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
