package org.grpo4j.training.objective;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Plan;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The objective on a graph of its own, with a placeholder where training has the policy: for evaluating given log-probs and
 * for testing the laws of the objective on the very ops that train.
 */
final class ObjectiveGraph implements AutoCloseable {

    static final String LOGP_NEW = "logp_new";

    private static final String ENTROPIES = "entropies";

    private final ObjectiveConfig config;
    private final DataType type;
    private final SameDiff graph = Graphs.create();
    private final Objective objective;
    private final SDVariable gradient;
    private final Plan plan;

    /** @param like decides the grid {@code [rows, time]} and whether there are reference log-probs and entropies */
    ObjectiveGraph(ObjectiveConfig config, Tokens like, DataType type) {
        this.config = config;
        this.type = type;
        int rows = like.logpNew.length;
        int time = like.logpNew[0].length;
        SDVariable logProbs = graph.placeHolder(LOGP_NEW, type, rows, time);
        SDVariable entropies = like.entropies == null ? null : graph.placeHolder(ENTROPIES, type, rows, time);
        this.objective =
                Objective.build(config, new Objective.Inputs(logProbs, entropies, rows, time, like.logpRef != null));
        this.gradient = Gradients.of(objective.loss(), List.of(logProbs))
                .values()
                .iterator()
                .next();
        List<String> outputs = new ArrayList<>(List.of(lossName(), gradient.name()));
        objective.metrics().values().forEach(metric -> outputs.add(metric.name()));
        this.plan = Plan.compile(graph, outputs);
    }

    /** Log-probs and entropies on the grid, {@code [rows, time]} each; padding may hold anything. */
    record Tokens(
            double[][] logpNew, double[][] logpOld, double @Nullable [][] logpRef, double @Nullable [][] entropies) {}

    /** What one run gives: the loss, its gradient in the log-probs {@code [rows, time]}, and the metrics. */
    record Evaluation(double loss, double[][] gradient, ObjectiveSums sums) {}

    Evaluation evaluate(TokenWeights weights, Tokens tokens) {
        fill(weights, tokens, plan::input);
        plan.run();
        ObjectiveSums sums = new ObjectiveSums();
        sums.add(objective, this::scalar);
        return new Evaluation(
                scalar(lossName()),
                plan.output(gradient.name()).castTo(DataType.DOUBLE).toDoubleMatrix(),
                sums);
    }

    /** Values of all placeholders as new arrays, for SameDiff's own session. */
    Map<String, INDArray> feed(TokenWeights weights, Tokens tokens) {
        Map<String, INDArray> feed = new HashMap<>();
        long[] shape = {tokens.logpNew.length, tokens.logpNew[0].length};
        long[] scalar = {1, 1};
        fill(
                weights,
                tokens,
                name -> feed.computeIfAbsent(
                        name, unused -> Nd4j.create(type, name.equals(Objective.DECAY) ? scalar : shape)));
        return feed;
    }

    private void fill(TokenWeights weights, Tokens tokens, Function<String, INDArray> placeholder) {
        weights.fill(config, placeholder);
        TokenWeights.write(tokens.logpNew, placeholder.apply(LOGP_NEW));
        TokenWeights.write(tokens.logpOld, placeholder.apply(Objective.LOGP_OLD));
        if (tokens.logpRef != null) {
            TokenWeights.write(tokens.logpRef, placeholder.apply(Objective.LOGP_REF));
        }
        if (tokens.entropies != null) {
            TokenWeights.write(tokens.entropies, placeholder.apply(ENTROPIES));
        }
    }

    SameDiff graph() {
        return graph;
    }

    String lossName() {
        return objective.loss().name();
    }

    String gradientName() {
        return gradient.name();
    }

    private double scalar(String output) {
        return plan.output(output).getDouble(0);
    }

    @Override
    public void close() {
        plan.close();
    }
}
