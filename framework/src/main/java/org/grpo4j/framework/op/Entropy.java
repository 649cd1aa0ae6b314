package org.grpo4j.framework.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Entropy in nats of the softmax of each row: input logits {@code [n, vocabulary]}, output {@code [n]}. */
public record Entropy() implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable logProbs = logSoftmax(graph, inputs.get(0));
        return List.of(graph.math().neg(graph.sum(graph.math().exp(logProbs).mul(logProbs), 1)));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return List.of(new Gradient()
                .apply(
                        call.upstreamOfFirst(),
                        call.inputs().get(0),
                        call.outputs().get(0)));
    }

    private static SDVariable logSoftmax(SameDiff graph, SDVariable logits) {
        SDVariable shifted = logits.sub(graph.max(logits, true, 1));
        return shifted.sub(graph.math().log(graph.sum(graph.math().exp(shifted), true, 1)));
    }

    /** The gradient {@code −upstream · p · (log p + entropy)}: inputs upstream {@code [n]}, logits, entropy {@code [n]}. */
    public record Gradient() implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable logProbs = logSoftmax(graph, inputs.get(1));
            SDVariable bracket = logProbs.add(graph.expandDims(inputs.get(2), 1));
            SDVariable column = graph.expandDims(graph.math().neg(inputs.get(0)), 1);
            return List.of(graph.math().exp(logProbs).mul(bracket).mul(column));
        }
    }
}
