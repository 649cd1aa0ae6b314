package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.grpo4j.framework.op.CompositeOp;
import org.grpo4j.framework.op.Embedding;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.RmsNorm;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.plan.AddingKernel;
import org.grpo4j.framework.plan.Kernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels of gradients add to the output they can add to, and overwrite the others. */
class AddingKernelsTest {
    private static final Random RANDOM = new Random(6);

    /** A function, its inputs, the shapes of its outputs and the output to add to. */
    private record Case(CompositeOp function, List<INDArray> inputs, List<long[]> outputs, int sum) {
        @Override
        public String toString() {
            return function.toString();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        new Embedding.Scatter(6),
                        List.of(normal(5, 3), Nd4j.createFromArray(1, 4, 1, 0, 1)),
                        List.of(shape(6, 3)),
                        0),
                new Case(
                        new RmsNorm.Gradient(1e-5),
                        List.of(normal(4, 19), normal(4, 19), normal(19)),
                        List.of(shape(4, 19), shape(19)),
                        1),
                head(true, 5),
                head(true, 2),
                head(false, 5),
                head(false, 2));
    }

    private static Case head(boolean inHidden, int chunkRows) {
        int rows = 5;
        int width = 3;
        int vocabulary = 21;
        LanguageModelHead head = new LanguageModelHead(rows, width, vocabulary, 0.8, true, chunkRows);
        List<INDArray> inputs = new ArrayList<>(
                List.of(normal(rows, width), normal(vocabulary, width), Nd4j.createFromArray(3, 0, 20, 3, 7)));
        List<INDArray> scores = List.of(normal(rows), normal(rows), normal(rows), normal(chunkRows, vocabulary));
        new LanguageModelHeadKernel(head).bind(inputs, scores).run();
        inputs.addAll(List.of(scores.get(2), scores.get(3), normal(rows), normal(rows), scores.get(1)));
        List<long[]> outputs = new ArrayList<>();
        if (inHidden) {
            outputs.add(shape(rows, width));
        }
        outputs.add(shape(vocabulary, width));
        outputs.add(shape(chunkRows, vocabulary));
        return new Case(
                new LanguageModelHead.Gradient(head, true, true, inHidden, true), inputs, outputs, inHidden ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void addingEqualsOverwritingAndThenAdding(Case c) {
        Kernel found = new CpuKernels(null, null).find(c.function, DataType.FLOAT);
        assertThat(found).isInstanceOf(AddingKernel.class);
        AddingKernel kernel = (AddingKernel) found;
        for (int output = 0; output < c.outputs.size(); output++) {
            assertThat(kernel.canAdd(output)).isEqualTo(output == c.sum);
        }
        // What the arrays hold before must not matter, except to the sum.
        List<INDArray> overwritten =
                c.outputs.stream().map(AddingKernelsTest::normal).toList();
        kernel.bind(c.inputs, overwritten).run();
        List<INDArray> added = c.outputs.stream().map(AddingKernelsTest::normal).toList();
        INDArray before = added.get(c.sum).dup();
        boolean[] adds = {true};
        Runnable run = kernel.bind(c.inputs, added, output -> adds[0] && output == c.sum);
        run.run();
        LanguageModelHeadKernelTest.assertNear(added.get(c.sum), before.add(overwritten.get(c.sum)), 1e-6);
        if (c.sum > 0) {
            assertThat(added.get(0)).isEqualTo(overwritten.get(0));
        }
        // The same call overwrites in its next run if it is told to.
        adds[0] = false;
        run.run();
        assertThat(added.get(c.sum)).isEqualTo(overwritten.get(c.sum));
    }

    private static INDArray normal(long... shape) {
        return TestGraphs.normal(RANDOM, DataType.FLOAT, shape);
    }

    private static long[] shape(long... dims) {
        return dims;
    }
}
