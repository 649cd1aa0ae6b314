package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GraphsTest {
    /** A gigabyte of graphs over 64 MB, if each copied. */
    @Test
    void variablesAreTheArraysGivenAndNotCopied() {
        try (INDArray weights = Nd4j.zeros(DataType.FLOAT, 1 << 24)) {
            long before = Pointer.physicalBytes();
            SameDiff[] graphs = new SameDiff[16];
            for (int i = 0; i < graphs.length; i++) {
                graphs[i] = Graphs.create();
                assertThat(graphs[i].var("w", weights).getArr()).isSameAs(weights);
            }
            assertThat(Pointer.physicalBytes() - before).isLessThan(300L << 20);
            assertThat(graphs).hasSize(16);
        }
    }
}
