package org.grpo4j.training.objective;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.grpo4j.framework.op.EligibilityTrace;

/**
 * Generalised advantage estimates (GAE(γ, λ), arXiv 1506.02438, equation 16): the advantage of every token by the TD errors
 * of a critic, what GRPO-λ does without.
 *
 * <p>With {@code V_t} the value of the text before completion token t, the reward R arriving with the last of the T tokens
 * and nothing after it:
 * <pre>
 *   δ_t = r_t + γ V_(t+1) − V_t,  r_t = R if t = T − 1 else 0,  V_T = 0
 *   A_t = Σ_(l ≥ 0) (γλ)^l δ_(t+l) = (Wᵀ δ)_t
 * </pre>
 * W is the very matrix of the eligibility trace: {@code ⟨A, d⟩ = ⟨δ, W d⟩}, so spreading errors backwards and tracing
 * log-ratios forwards are two readings of one sum.
 *
 * @param advantages of every token, {@code [N][T_i]}, before whitening and clamp
 * @param returns what the critic should have said, {@code A_t + V_t}, the same shape
 */
public record GeneralisedAdvantages(double[][] advantages, double[][] returns) {

    /** Added to the standard deviation when advantages are whitened. */
    private static final double EPSILON = 1e-8;

    /**
     * The estimates of a batch.
     *
     * @param config its γ and λ
     * @param rewards R of each completion, {@code [N]}
     * @param values V_t of each completion, {@code [N][T_i]}
     */
    public static GeneralisedAdvantages of(ObjectiveConfig config, double[] rewards, double[][] values) {
        EligibilityTrace trace = new EligibilityTrace(EligibilityTrace.Style.RECENT, config.decay());
        double[][] advantages = new double[values.length][];
        double[][] returns = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            double[] value = values[i];
            double[] errors = errors(config.gamma(), rewards[i], value);
            double[] own = trace.transposedProduct(errors);
            advantages[i] = own;
            returns[i] = new double[own.length];
            Arrays.setAll(returns[i], t -> own[t] + value[t]);
        }
        return new GeneralisedAdvantages(advantages, returns);
    }

    /** The TD errors δ of one completion. */
    static double[] errors(double gamma, double reward, double[] value) {
        double[] errors = new double[value.length];
        int last = value.length - 1;
        Arrays.setAll(errors, t -> (t == last ? reward : gamma * value[t + 1]) - value[t]);
        return errors;
    }

    /**
     * The advantages as the loss uses them, {@code [N][T_i]}.
     *
     * @param whiten whether those of all tokens are shifted and scaled to mean 0 and standard deviation 1
     */
    public double[][] forLoss(ObjectiveConfig config, boolean whiten) {
        double[] all = Arrays.stream(advantages).flatMapToDouble(Arrays::stream).toArray();
        double mean = whiten ? DoubleStream.of(all).average().orElse(0) : 0;
        double variance = DoubleStream.of(all)
                .map(advantage -> (advantage - mean) * (advantage - mean))
                .average()
                .orElse(0);
        double scale = whiten ? 1 / (Math.sqrt(variance) + EPSILON) : 1;
        return Arrays.stream(advantages)
                .map(row -> Advantages.clamp(
                        Arrays.stream(row)
                                .map(advantage -> (advantage - mean) * scale)
                                .toArray(),
                        config.negativeClamp()))
                .toArray(double[][]::new);
    }
}
