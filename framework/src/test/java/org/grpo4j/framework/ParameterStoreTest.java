package org.grpo4j.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterStoreTest {

    @Test
    void keepsOrderAndIdentity() {
        try (ParameterStore store = new ParameterStore(DataType.FLOAT)) {
            INDArray second = store.putZeros("z.second", 2, 3);
            store.putZeros("a.first", 4);
            assertThat(store.names()).containsExactly("z.second", "a.first");
            assertThat(store.get("z.second")).isSameAs(second);
            assertThat(store.parameterCount()).isEqualTo(10);
            assertThat(store.contains("b")).isFalse();
        }
    }

    @Test
    void copiesAreIndependentAndCopyFromKeepsArrays() {
        try (ParameterStore store = new ParameterStore(DataType.DOUBLE)) {
            INDArray array = store.putZeros("w", 2, 2);
            try (ParameterStore copy = store.copy()) {
                copy.get("w").assign(3);
                assertThat(array.sumNumber().doubleValue()).isZero();
                store.copyFrom(copy);
                assertThat(store.get("w")).isSameAs(array);
                assertThat(array.sumNumber().doubleValue()).isEqualTo(12);
            }
        }
    }

    @Test
    void refusesWhatPlansCannotRead() {
        try (ParameterStore store = new ParameterStore(DataType.FLOAT)) {
            store.putZeros("w", 2, 2);
            assertThatIllegalArgumentException().isThrownBy(() -> store.putZeros("w", 2, 2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.put("d", Nd4j.zeros(DataType.DOUBLE, 2)))
                    .withMessageContaining("DOUBLE");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            store.put("t", Nd4j.zeros(DataType.FLOAT, 3, 2).transpose()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            store.put("v", Nd4j.zeros(DataType.FLOAT, 3, 2).getRow(1)));
            assertThatIllegalArgumentException().isThrownBy(() -> store.get("none"));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new ParameterStore(DataType.BFLOAT16));
    }

    @Test
    void holdsFrozenMatricesInSixteenBits() {
        try (ParameterStore store = new ParameterStore(DataType.FLOAT)) {
            store.putZeros("gain", 3);
            store.put(
                    "w", Nd4j.create(DataType.BFLOAT16, new long[] {2, 3}, 'c').assign(1.5));
            store.put("h", Nd4j.create(DataType.HALF, new long[] {2, 3}, 'c'));
            assertThat(store.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(store.isNarrow("w")).isTrue();
            assertThat(store.isNarrow("gain")).isFalse();
            assertThat(store.parameterCount()).isEqualTo(15);
            assertThat(store.bytes()).isEqualTo(3 * 4 + 2 * 6 * 2);
            try (ParameterStore copy = store.copy()) {
                assertThat(copy.get("w").dataType()).isEqualTo(DataType.BFLOAT16);
                assertThat(copy.get("w")).isEqualTo(store.get("w")).isNotSameAs(store.get("w"));
                copy.get("w").assign(2.5);
                store.copyFrom(copy);
                assertThat(store.get("w").getFloat(5)).isEqualTo(2.5f);
            }
            assertThatIllegalStateException()
                    .isThrownBy(store::zerosLike)
                    .withMessageContaining("w is stored as BFLOAT16");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.put("bias", Nd4j.create(DataType.HALF, 3)))
                    .withMessageContaining("only matrices");
            try (ParameterStore wide = new ParameterStore(DataType.FLOAT)) {
                wide.putZeros("gain", 3);
                wide.putZeros("w", 2, 3);
                wide.putZeros("h", 2, 3);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> store.copyFrom(wide))
                        .withMessageContaining("w is BFLOAT16 here and FLOAT there");
            }
        }
    }

    @Test
    void freesItsArraysOnce() {
        ParameterStore store = new ParameterStore(DataType.FLOAT);
        INDArray array = store.putZeros("w", 2);
        store.close();
        store.close();
        assertThat(array.wasClosed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> store.get("w"));
    }
}
