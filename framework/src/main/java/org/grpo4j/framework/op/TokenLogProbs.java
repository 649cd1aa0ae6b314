package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.loss.bp.SparseSoftmaxCrossEntropyLossWithLogitsBp;

/**
 * Log-probability of one token a row under a softmax, computed stably: inputs logits {@code [n, vocabulary]} and
 * targets {@code [n]} (integers), output {@code [n]}, natural logarithms.
 */
public record TokenLogProbs() implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        return List.of(graph.math().neg(graph.loss().sparseSoftmaxCrossEntropy(inputs.get(0), inputs.get(1))));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        SDVariable logits = new Gradient()
                .apply(
                        call.upstreamOfFirst(),
                        call.inputs().get(0),
                        call.inputs().get(1));
        return Arrays.asList(logits, null);
    }

    /**
     * The gradient in the logits, {@code upstream · (onehot(target) − softmax)}: inputs upstream {@code [n]}, logits,
     * targets. ND4J's native gradient op ignores its upstream, so it is multiplied here.
     */
    public record Gradient() implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable descent =
                    new SparseSoftmaxCrossEntropyLossWithLogitsBp(graph, inputs.get(1), inputs.get(2)).outputVariable();
            SDVariable column = graph.expandDims(graph.math().neg(inputs.get(0)), 1);
            return List.of(descent.mul(column));
        }
    }
}
