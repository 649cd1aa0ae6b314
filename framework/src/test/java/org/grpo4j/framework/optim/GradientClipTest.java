package org.grpo4j.framework.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class GradientClipTest {

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void scalesAllGradientsByTheCommonNorm(DataType dataType) {
        try (ParameterStore gradients = new ParameterStore(dataType);
                GradientClip clip = filled(gradients, 1)) {
            assertThat(clip.apply()).isCloseTo(5, within(1e-12));
            assertThat(GradientClip.globalNorm(gradients)).isCloseTo(1, within(1e-6));
            assertThat(gradients.get("a").getDouble(0)).isCloseTo(0.6, within(1e-6));
            assertThat(gradients.get("b").getDouble(2, 1)).isCloseTo(0.8, within(1e-6));
        }
    }

    @Test
    void leavesShortGradientsAlone() {
        try (ParameterStore gradients = new ParameterStore(DataType.FLOAT);
                GradientClip clip = filled(gradients, 5)) {
            assertThat(clip.apply()).isEqualTo(5);
            assertThat(gradients.get("a").getFloat(0)).isEqualTo(3);
        }
    }

    @Test
    void reportsANormThatIsNoNumberAndTouchesNothing() {
        try (ParameterStore gradients = new ParameterStore(DataType.FLOAT);
                GradientClip clip = filled(gradients, 1)) {
            gradients.get("b").putScalar(0, Float.NaN);
            assertThat(clip.apply()).isNaN();
            assertThat(gradients.get("a").getFloat(0)).isEqualTo(3);
            gradients.get("b").putScalar(0, Float.NEGATIVE_INFINITY);
            assertThat(clip.apply()).isInfinite();
        }
    }

    @Test
    void squaresDoNotOverflowInSinglePrecision() {
        try (ParameterStore gradients = new ParameterStore(DataType.FLOAT)) {
            gradients.putZeros("a", 3, 3).assign(1e30);
            assertThat(GradientClip.globalNorm(gradients)).isCloseTo(3e30, within(1e24));
        }
    }

    @Test
    void refusesAMaximumThatIsNotPositive() {
        try (ParameterStore gradients = new ParameterStore(DataType.FLOAT)) {
            assertThatThrownBy(() -> new GradientClip(gradients, 0)).isInstanceOf(InputException.class);
        }
    }

    /** A 3 and a 4 among zeros: norm 5. */
    private static GradientClip filled(ParameterStore gradients, double maximum) {
        gradients.putZeros("a", 6).putScalar(0, 3);
        gradients.putZeros("b", 3, 2).putScalar(new int[] {2, 1}, 4);
        return new GradientClip(gradients, maximum);
    }
}
