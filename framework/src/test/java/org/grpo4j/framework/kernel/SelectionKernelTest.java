package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.op.Masked;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class SelectionKernelTest {
    /** Three blocks, the last one short and no multiple of a vector. */
    private static final int LENGTH = 4101;

    @Test
    void kernelAndBodyKeepTheSameBits() {
        float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MAX_VALUE};
        Random random = new Random(1);
        float[] x = new float[LENGTH];
        float[] mask = new float[LENGTH];
        float[] expected = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            x[i] = i % 2 == 0 ? odd[random.nextInt(odd.length)] : (float) random.nextGaussian();
            mask[i] = random.nextInt(2);
            expected[i] = mask[i] == 1 ? x[i] : 0;
        }
        assertThat(run(Kernels.available(), x, mask)).containsExactly(expected);
        assertThat(run(KernelSource.NONE, x, mask)).containsExactly(expected);
    }

    private static float[] run(KernelSource kernels, float[] x, float[] mask) {
        SameDiff graph = SameDiff.create();
        SDVariable values = graph.placeHolder("x", DataType.FLOAT, 3, LENGTH / 3);
        SDVariable kept = Masked.select(values, graph.placeHolder("mask", DataType.FLOAT, 3, LENGTH / 3));
        try (Plan plan = Plan.compile(graph, List.of(kept.name()), Map.of(), kernels)) {
            assertThat(plan.statistics().steps() == 1).isEqualTo(kernels != KernelSource.NONE);
            plan.input("x").assign(Nd4j.createFromArray(x).reshape(3, LENGTH / 3));
            plan.input("mask").assign(Nd4j.createFromArray(mask).reshape(3, LENGTH / 3));
            plan.run();
            return plan.output(kept.name()).reshape(LENGTH).toFloatVector();
        }
    }
}
