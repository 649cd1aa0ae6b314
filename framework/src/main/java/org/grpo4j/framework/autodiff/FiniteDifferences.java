package org.grpo4j.framework.autodiff;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients by central differences, {@code (f(x + h) − f(x − h)) / 2h}: the oracle for the gradient of an op, a layer or
 * a loss of your own. Two evaluations an entry, so use it on small inputs, in DOUBLE, away from kinks.
 */
public final class FiniteDifferences {

    /** Balances truncation (h²) against rounding (1e-16 / h) for functions of order one. */
    public static final double DEFAULT_STEP = 1e-5;

    private FiniteDifferences() {}

    /**
     * Gradient of a scalar function at a point.
     *
     * @param function evaluated at copies of {@code at}; must not keep or change its argument
     * @param at the point, DOUBLE, any shape; left unchanged
     * @param step the distance h, above 0
     * @return an array of the shape of {@code at}
     * @throws IllegalArgumentException if {@code at} is not DOUBLE or the step not positive
     */
    public static INDArray gradient(ToDoubleFunction<INDArray> function, INDArray at, double step) {
        if (at.dataType() != DataType.DOUBLE) {
            throw new IllegalArgumentException("finite differences need DOUBLE, but the point is " + at.dataType()
                    + "; build the graph in DOUBLE to check its gradient");
        }
        if (!(step > 0)) {
            throw new IllegalArgumentException("the step of finite differences must be above 0, but is " + step);
        }
        double[] point = at.dup('c').data().asDouble();
        double[] slopes = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            double original = point[i];
            point[i] = original + step;
            double above = function.applyAsDouble(Nd4j.create(point, at.shape(), 'c'));
            point[i] = original - step;
            double below = function.applyAsDouble(Nd4j.create(point, at.shape(), 'c'));
            point[i] = original;
            slopes[i] = (above - below) / (2 * step);
        }
        return Nd4j.create(slopes, at.shape(), 'c');
    }

    /**
     * Gradient of a scalar output of a graph with respect to one of its placeholders or variables, run by SameDiff's own
     * session.
     *
     * @param sd graph in DOUBLE
     * @param loss name of the scalar output
     * @param variable name of a placeholder (then its value is taken from {@code placeholders}) or of a trainable variable,
     *     which has its value back afterwards
     * @param placeholders values of all placeholders
     */
    public static INDArray gradient(
            SameDiff sd, String loss, String variable, Map<String, INDArray> placeholders, double step) {
        INDArray given = placeholders.get(variable);
        if (given != null) {
            Map<String, INDArray> moved = new HashMap<>(placeholders);
            return gradient(
                    point -> {
                        moved.put(variable, point);
                        return sd.outputSingle(moved, loss).getDouble(0);
                    },
                    given,
                    step);
        }
        INDArray value = sd.getVariable(variable).getArr();
        INDArray original = value.dup();
        try {
            return gradient(
                    point -> {
                        value.assign(point);
                        return sd.outputSingle(placeholders, loss).getDouble(0);
                    },
                    original,
                    step);
        } finally {
            value.assign(original);
        }
    }

    /** Where two gradients of the same shape differ most. */
    public static Mismatch worst(INDArray computed, INDArray numerical) {
        if (!Arrays.equals(computed.shape(), numerical.shape())) {
            throw new IllegalArgumentException("the gradients to compare have the shapes "
                    + Arrays.toString(computed.shape()) + " and "
                    + Arrays.toString(numerical.shape()));
        }
        double[] a = computed.dup('c').data().asDouble();
        double[] b = numerical.dup('c').data().asDouble();
        double largest = 0;
        for (double entry : b) {
            largest = Math.max(largest, Math.abs(entry));
        }
        Mismatch worst = new Mismatch(0, 0, 0, 0);
        for (int i = 0; i < a.length; i++) {
            double error = Math.abs(a[i] - b[i]) / Math.max(largest, Double.MIN_NORMAL);
            if (a[i] != b[i] && !(error <= worst.error())) {
                worst = new Mismatch(error, i, a[i], b[i]);
            }
        }
        return worst;
    }

    /**
     * The entry where two gradients differ most.
     *
     * @param error absolute difference divided by the largest entry of the numerical gradient; NaN if one of the two is
     * @param index position in c order
     * @param computed the value of the gradient under test
     * @param numerical the value by finite differences
     */
    public record Mismatch(double error, int index, double computed, double numerical) {}
}
