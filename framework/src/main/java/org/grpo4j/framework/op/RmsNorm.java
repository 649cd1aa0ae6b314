package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Root mean square normalisation (Zhang and Sennrich, arXiv 1910.07467, as in Hugging Face's {@code LlamaRMSNorm}):
 * inputs x {@code [n, width]} and gain {@code [width]}, output {@code x / sqrt(mean(x²) + epsilon) · gain}.
 *
 * @param epsilon added to the mean square
 */
public record RmsNorm(double epsilon) implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        return List.of(x.mul(inverseRms(graph, x, epsilon)).mul(inputs.get(1)));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        List<SDVariable> gradients = new Gradient(epsilon)
                .applyAll(
                        call.upstreamOfFirst(),
                        call.inputs().get(0),
                        call.inputs().get(1));
        return Arrays.asList(gradients.get(0), call.wants(1) ? gradients.get(1) : null);
    }

    private static SDVariable inverseRms(SameDiff graph, SDVariable x, double epsilon) {
        SDVariable meanSquare = graph.mean(x.mul(x), true, 1).add(epsilon);
        return graph.math().rsqrt(meanSquare);
    }

    /**
     * The gradient: inputs upstream, x, gain; outputs the gradients in x and in the gain.
     *
     * @param epsilon as in the forward function
     */
    public record Gradient(double epsilon) implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable upstream = inputs.get(0);
            SDVariable x = inputs.get(1);
            SDVariable inverse = inverseRms(graph, x, epsilon);
            SDVariable normalised = x.mul(inverse);
            SDVariable scaled = upstream.mul(inputs.get(2));
            SDVariable projection = graph.mean(scaled.mul(normalised), true, 1);
            SDVariable dx = scaled.sub(normalised.mul(projection)).mul(inverse);
            SDVariable dGain = graph.sum(upstream.mul(normalised), 0);
            return List.of(dx, dGain);
        }
    }
}
