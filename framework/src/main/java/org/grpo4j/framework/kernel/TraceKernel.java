package org.grpo4j.framework.kernel;

import java.util.Arrays;
import org.grpo4j.framework.op.TraceProduct;
import org.grpo4j.framework.plan.Kernel;

/**
 * Eligibility traces by their recurrence, one pass over each row. Sums are kept in double: a trace that hardly decays adds
 * up thousands of terms.
 */
final class TraceKernel {
    private TraceKernel() {}

    static Kernel of(TraceProduct product) {
        return (inputs, outputs) -> {
            NativeFloats in = new NativeFloats(inputs.get(0));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int time = product.time();
            float[] x = new float[time];
            float[] y = new float[time];
            RowProduct onRow = rowProduct(product);
            return () -> {
                for (int r = 0; r < product.rows(); r++) {
                    in.read(r * time, x, time);
                    onRow.apply(x, y);
                    out.write(r * time, y, time);
                }
            };
        };
    }

    private interface RowProduct {
        void apply(float[] x, float[] y);
    }

    private static RowProduct rowProduct(TraceProduct product) {
        double a = product.trace().decay();
        if (!product.hasTwoTerms()) {
            return product.transposed() ? (x, y) -> recentTransposed(x, y, a) : (x, y) -> recent(x, y, a);
        }
        int half = (product.time() + 1) / 2;
        double[] powers = new double[half];
        Arrays.setAll(powers, j -> Math.pow(a, j));
        if (product.transposed()) {
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
