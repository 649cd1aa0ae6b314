package org.grpo4j.framework.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FiniteDifferencesTest {

    @Test
    void agreesWithAKnownDerivative() {
        INDArray at = Nd4j.create(new double[] {0.5, -1, 2});
        INDArray slopes = FiniteDifferences.gradient(
                x -> Math.sin(x.getDouble(0)) * x.getDouble(2) + x.getDouble(1), at, FiniteDifferences.DEFAULT_STEP);
        double[] expected = {2 * Math.cos(0.5), 1, Math.sin(0.5)};
        assertThat(slopes.toDoubleVector()).containsExactly(expected, within(1e-9));
        assertThat(at.toDoubleVector()).containsExactly(0.5, -1, 2);
    }

    @Test
    void checksPlaceholdersAndVariablesOfAGraphAndRestoresThem() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, 2, 3);
        SDVariable w = sd.var("w", Nd4j.linspace(DataType.DOUBLE, -1, 0.3, 6).reshape(3, 2));
        SDVariable loss = sd.math().exp(x.mmul(w)).sum();
        Map<String, INDArray> feed = Map.of("x", Nd4j.create(new double[][] {{0.1, 0.2, -0.3}, {0.5, -0.4, 0.7}}));
        Map<String, SDVariable> gradients = Gradients.of(loss, List.of(x, w));
        INDArray before = w.getArr().dup();

        for (String name : List.of("x", "w")) {
            INDArray computed = sd.outputSingle(feed, gradients.get(name).name());
            INDArray numerical =
                    FiniteDifferences.gradient(sd, loss.name(), name, feed, FiniteDifferences.DEFAULT_STEP);
            assertThat(FiniteDifferences.worst(computed, numerical).error()).isLessThan(1e-8);
        }
        assertThat(w.getArr()).isEqualTo(before);
    }

    @Test
    void worstMismatchIsFoundWithItsPlace() {
        INDArray right = Nd4j.create(new double[] {1, 2, 4});
        FiniteDifferences.Mismatch worst = FiniteDifferences.worst(Nd4j.create(new double[] {1, 3, 4}), right);
        assertThat(worst).isEqualTo(new FiniteDifferences.Mismatch(0.25, 1, 3, 2));
        assertThat(FiniteDifferences.worst(right, right).error()).isZero();
        assertThat(FiniteDifferences.worst(Nd4j.create(new double[] {1, Double.NaN, 4}), right)
                        .error())
                .isNaN();
    }

    @Test
    void singlePrecisionIsRefusedWithTheRemedy() {
        INDArray at = Nd4j.create(new float[] {1});
        assertThatThrownBy(() -> FiniteDifferences.gradient(x -> 0, at, 1e-5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FLOAT")
                .hasMessageContaining("build the graph in DOUBLE");
    }
}
