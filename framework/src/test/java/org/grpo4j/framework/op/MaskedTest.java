package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.Gradients;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MaskedTest {

    private static final double[][] MASK = {{1, 1, 0}, {1, 0, 0}, {0, 0, 0}};
    private static final double[][] VALUES = {
        {2, 4, Double.NaN},
        {3, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY},
        {Double.NaN, Double.NaN, Double.MAX_VALUE}
    };

    private final SameDiff sd = SameDiff.create();
    private final SDVariable x = sd.placeHolder("x", DataType.DOUBLE, 3, 3);
    private final SDVariable mask = sd.placeHolder("mask", DataType.DOUBLE, 3, 3);
    private final Map<String, INDArray> feed = Map.of("x", Nd4j.create(VALUES), "mask", Nd4j.create(MASK));

    @Test
    void selectPutsZeroWhereTheMaskIsZero() {
        assertThat(run(Masked.select(x, mask)).toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{2, 4, 0}, {3, 0, 0}, {0, 0, 0}});
    }

    @Test
    void sumsAndMeansIgnoreWhatIsMasked() {
        assertThat(run(Masked.sum(x, mask)).getDouble(0)).isEqualTo(9);
        assertThat(run(Masked.mean(x, mask)).getDouble(0)).isEqualTo(3);
        assertThat(run(Masked.sum(x, mask, 1)).toDoubleVector()).containsExactly(6, 3, 0);
        assertThat(run(Masked.mean(x, mask, 1)).toDoubleVector()).containsExactly(3, 3, 0);
        assertThat(run(Masked.mean(x, mask, 0)).toDoubleVector()).containsExactly(2.5, 4, 0);
    }

    @Test
    void gradientIsZeroUnderTheMaskEvenForNaN() {
        SDVariable kept = Masked.select(x, mask);
        SDVariable gradient = Gradients.of(kept.mul(kept).sum(), List.of(x)).get("x");
        assertThat(run(gradient).toDoubleMatrix()).isDeepEqualTo(new double[][] {{4, 8, 0}, {6, 0, 0}, {0, 0, 0}});
    }

    @Test
    void gradientOfTheMeanIsSharedByTheKeptEntries() {
        SDVariable loss = Masked.mean(x, mask, 1).sum();
        SDVariable gradient = Gradients.of(loss, List.of(x)).get("x");
        assertThat(run(gradient).toDoubleMatrix()).isDeepEqualTo(new double[][] {{0.5, 0.5, 0}, {1, 0, 0}, {0, 0, 0}});
    }

    private INDArray run(SDVariable output) {
        return sd.outputSingle(feed, output.name());
    }
}
