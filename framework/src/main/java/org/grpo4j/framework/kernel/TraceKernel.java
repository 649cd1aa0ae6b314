package org.grpo4j.framework.kernel;

import java.util.Arrays;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.grpo4j.framework.op.TraceProduct;
import org.grpo4j.framework.op.VariableTrace;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Eligibility traces by their recurrence, one pass over each row. Sums are kept in double: a trace that hardly decays adds
 * up thousands of terms.
 */
final class TraceKernel {
    private TraceKernel() {}

    static Kernel of(TraceProduct product) {
        EligibilityTrace trace = product.trace();
        return (inputs, outputs) -> {
            Rows rows = new Rows(inputs.get(0), outputs.get(0), product.rows(), product.time());
            RowProduct onRow = rowProduct(trace.style(), trace.decay(), product.time(), product.transposed());
            return () -> rows.each(onRow);
        };
    }

    /** The decay is read at every run. */
    static Kernel of(VariableTrace trace) {
        return (inputs, outputs) -> {
            Rows rows = new Rows(inputs.get(0), outputs.get(0), trace.rows(), trace.time());
            NativeFloats decay = new NativeFloats(inputs.get(1));
            float[] a = new float[1];
            return () -> {
                decay.read(0, a, 1);
                rows.each(rowProduct(trace.style(), a[0], trace.time(), trace.transposed()));
            };
        };
    }

    private interface RowProduct {
        void apply(float[] x, float[] y);
    }

    /** The rows of an input, to be made into those of an output. */
    private static final class Rows {
        private final NativeFloats in;
        private final NativeFloats out;
        private final int rows;
        private final float[] x;
        private final float[] y;

        Rows(INDArray input, INDArray output, int rows, int time) {
            this.in = new NativeFloats(input);
            this.out = new NativeFloats(output);
            this.rows = rows;
            this.x = new float[time];
            this.y = new float[time];
        }

        void each(RowProduct product) {
            for (int r = 0; r < rows; r++) {
                in.read(r * x.length, x, x.length);
                product.apply(x, y);
                out.write(r * x.length, y, x.length);
            }
        }
    }

    private static RowProduct rowProduct(Style style, double a, int time, boolean transposed) {
        // At both ends of the unit interval the styles agree: nothing is remembered, or everything.
        if (style == Style.RECENT || a == 0 || a == 1) {
            return transposed ? (x, y) -> recentTransposed(x, y, a) : (x, y) -> recent(x, y, a);
        }
        int half = (time + 1) / 2;
        double[] powers = new double[half];
        Arrays.setAll(powers, j -> Math.pow(a, j));
        if (transposed) {
            return (x, y) -> bothTransposed(x, y, a, powers);
        }
        double[] corrections = new double[2 * half];
        return (x, y) -> both(x, y, a, powers, corrections);
    }

    private static void recent(float[] x, float[] y, double a) {
        double e = 0;
        for (int t = 0; t < x.length; t++) {
            e = a * e + x[t];
            y[t] = (float) e;
        }
    }

    private static void recentTransposed(float[] x, float[] y, double a) {
        double e = 0;
        for (int t = x.length - 1; t >= 0; t--) {
            e = a * e + x[t];
            y[t] = (float) e;
        }
    }

    /**
     * {@code y_t = P_m + e_t − a^(t−m) e_m} with {@code m = ⌊t/2⌋}: what step m has to say to steps 2m and 2m + 1 is left
     * in {@code corrections}, to be found when they come.
     */
    private static void both(float[] x, float[] y, double a, double[] powers, double[] corrections) {
        double e = 0;
        double early = 0;
        for (int t = 0; t < x.length; t++) {
            e = a * e + x[t];
            if (t < powers.length) {
                early += powers[t] * x[t];
                double faded = powers[t] * e;
                corrections[2 * t] = early - faded;
                corrections[2 * t + 1] = early - a * faded;
            }
            y[t] = (float) (e + corrections[t]);
        }
    }

    /** The transpose of {@link #both}: step j hears from steps 2j and 2j + 1, which lie behind it on the way back. */
    private static void bothTransposed(float[] x, float[] y, double a, double[] powers) {
        double e = 0;
        double late = 0;
        for (int j = x.length - 1; j >= 0; j--) {
            e = a * e + x[j];
            if (j < powers.length) {
                double even = x[2 * j];
                double odd = 2 * j + 1 < x.length ? x[2 * j + 1] : 0;
                late += even + odd;
                e -= powers[j] * (even + a * odd);
                y[j] = (float) (e + powers[j] * late);
            } else {
                y[j] = (float) e;
            }
        }
    }
}
