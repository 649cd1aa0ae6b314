package org.grpo4j.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.Gradients;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Evaluates the objective and its gradient for a batch of given log-probs: the graph that trains, with a placeholder in
 * place of the policy.
 */
public final class ObjectiveRunner {

    /** Placeholder of the log-probs under the trained policy. */
    static final String LOGP_NEW = "logp_new";

    private static final String ENTROPIES = "entropies";

    private ObjectiveRunner() {}

    /** Loss, gradient, advantages and metrics of a case, computed in the given type (FLOAT or DOUBLE). */
    public static ObjectiveCase.Result run(ObjectiveCase.Named named, DataType type) {
        ObjectiveCase batch = named.batch();
        int rows = batch.rewards().length;
        int time = 1;
        for (int length : batch.lengths()) {
            time = Math.max(time, length);
        }
        double[] advantages = Advantages.of(batch.config(), batch.rewards(), batch.groups());
        BatchTotals totals = BatchTotals.of(batch.lengths());
        TokenWeights weights = TokenWeights.of(batch.config(), advantages, batch.lengths(), totals, rows, time);
        Evaluation evaluation = evaluate(
                batch.config(),
                weights,
                new TokenLogProbs(
                        pad(batch.logpNew(), rows, time),
                        pad(batch.logpOld(), rows, time),
                        padOrNull(batch.logpRef(), rows, time),
                        padOrNull(batch.entropies(), rows, time)),
                type);
        List<double[]> gradient = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            gradient.add(Arrays.copyOf(evaluation.gradient[i], batch.logpNew()[i].length));
        }
        return new ObjectiveCase.Result(
                named.name(), evaluation.loss, gradient, advantages, evaluation.sums.over(batch.config(), totals));
    }

    /** Log-probs and entropies on the grid, {@code [rows, time]} each; padding may hold anything. */
    record TokenLogProbs(
            double[][] current, double[][] old, double @Nullable [][] reference, double @Nullable [][] entropies) {}

    /** What one run of the graph gives: the loss, its gradient in the log-probs {@code [rows, time]}, and the metrics. */
    record Evaluation(double loss, double[][] gradient, ObjectiveSums sums) {}

    static Evaluation evaluate(ObjectiveConfig config, TokenWeights weights, TokenLogProbs logProbs, DataType type) {
        int rows = logProbs.current.length;
        int time = logProbs.current[0].length;
        SameDiff sd = SameDiff.create();
        SDVariable current = sd.placeHolder(LOGP_NEW, type, rows, time);
        SDVariable entropies = logProbs.entropies == null ? null : sd.placeHolder(ENTROPIES, type, rows, time);
        Objective objective = Objective.build(
                config, new Objective.Inputs(current, entropies, rows, time, logProbs.reference != null));
        SDVariable gradient = Gradients.of(objective.loss(), List.of(current))
                .values()
                .iterator()
                .next();

        Map<String, INDArray> feed = weights.feed(config, type);
        feed.put(LOGP_NEW, array(logProbs.current, type));
        feed.put(Objective.LOGP_OLD, array(logProbs.old, type));
        if (logProbs.reference != null) {
            feed.put(Objective.LOGP_REF, array(logProbs.reference, type));
        }
        if (logProbs.entropies != null) {
            feed.put(ENTROPIES, array(logProbs.entropies, type));
        }
        List<String> wanted = new ArrayList<>(List.of(objective.loss().name(), gradient.name()));
        objective.metrics().values().forEach(metric -> wanted.add(metric.name()));
        Map<String, INDArray> outputs = new HashMap<>(sd.output(feed, wanted));
        ObjectiveSums sums = new ObjectiveSums();
        sums.add(objective, name -> output(outputs, name).getDouble(0));
        return new Evaluation(
                output(outputs, objective.loss().name()).getDouble(0),
                output(outputs, gradient.name()).castTo(DataType.DOUBLE).toDoubleMatrix(),
                sums);
    }

    private static INDArray output(Map<String, INDArray> outputs, String name) {
        INDArray value = outputs.get(name);
        if (value == null) {
            throw new IllegalStateException("the graph has no output " + name);
        }
        return value;
    }

    private static double @Nullable [][] padOrNull(double @Nullable [][] ragged, int rows, int time) {
        return ragged == null ? null : pad(ragged, rows, time);
    }

    private static double[][] pad(double[][] ragged, int rows, int time) {
        double[][] grid = new double[rows][time];
        for (int i = 0; i < ragged.length; i++) {
            System.arraycopy(ragged[i], 0, grid[i], 0, ragged[i].length);
        }
        return grid;
    }

    private static INDArray array(double[][] values, DataType type) {
        return Nd4j.create(values).castTo(type);
    }
}
