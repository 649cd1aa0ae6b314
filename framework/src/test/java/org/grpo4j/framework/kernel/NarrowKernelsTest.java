package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.grpo4j.framework.kernel.LanguageModelHeadKernelTest.assertNear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels of weights in BFLOAT16 and HALF against plain ops on the same weights, narrow and widened. */
class NarrowKernelsTest {

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void everyBitPatternIsWidenedExactly(DataType type) {
        short[] bits = new short[1 << 16];
        float[] wide = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) i;
        }
        if (type == DataType.HALF) {
            Widening.half(bits, wide, bits.length);
        } else {
            Widening.bfloat16(bits, wide, bits.length);
        }
        for (int i = 0; i < bits.length; i++) {
            int expected = type == DataType.HALF ? halfAsFloatBits(i) : i << 16;
            assertThat(Float.floatToRawIntBits(wide[i])).as("bits %x", i).isEqualTo(expected);
        }
    }

    private static int halfAsFloatBits(int bits) {
        int sign = bits >> 15;
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 1023;
        if (exponent == 31) {
            return sign << 31 | 0x7f800000 | mantissa << 13;
        }
        double value = exponent == 0 ? mantissa * 0x1p-24 : Math.scalb(1 + mantissa / 1024.0, exponent - 15);
        return sign << 31 | Float.floatToRawIntBits((float) value);
    }

    /** All ways of computing a product, with whole and odd tiles, alone and by a team. */
    static Stream<Arguments> products() {
        int[][] sizes = {
            {1, 1000, 300},
            {1, 67, 31},
            {2, 130, 65},
            {4, 1000, 300},
            {5, 515, 97},
            {8, 640, 896},
            {9, 517, 130},
            {16, 600, 33},
            {48, 257, 64},
            {49, 601, 70},
            {130, 256, 64},
            {200, 523, 37},
            {3, 1, 1}
        };
        return Arrays.stream(sizes)
                .flatMap(s ->
                        Stream.of(DataType.BFLOAT16, DataType.HALF).map(type -> Arguments.of(type, s[0], s[1], s[2])));
    }

    @ParameterizedTest
    @MethodSource("products")
    void productsAndTheirGradientsAreThoseOfPlainOps(DataType type, int rows, int n, int k) {
        Random random = new Random(3);
        INDArray narrow = TestGraphs.normal(random, DataType.FLOAT, n, k).castTo(type);
        INDArray xs = TestGraphs.normal(random, DataType.FLOAT, rows, k);
        INDArray terms = TestGraphs.normal(random, DataType.FLOAT, rows, n);
        Linear linear = new Linear(narrow, xs, terms);
        Linear wide = new Linear(narrow.castTo(DataType.DOUBLE), xs, terms);
        Map<String, INDArray> session = linear.graph.output(Map.of(), linear.outputs);
        Map<String, INDArray> exact = wide.graph.output(Map.of(), wide.outputs);
        try (Team team = new Team(2);
                PackedWeights packed = new PackedWeights();
                Plan body = linear.plan(KernelSource.NONE);
                Plan alone = linear.plan(Kernels.available());
                Plan shared = linear.plan(Kernels.available(team, packed))) {
            // Twice: the second run starts from memory that the first has used.
            for (Plan plan : List.of(body, alone, shared, alone, shared)) {
                plan.run();
            }
            assertThat(packed.bytes()).isZero();
            for (int i = 0; i < linear.outputs.size(); i++) {
                String name = linear.outputs.get(i);
                INDArray want = exact.get(wide.outputs.get(i)).castTo(DataType.FLOAT);
                assertNear(session.get(name), want, 1e-5);
                assertNear(body.output(name), want, 1e-5);
                assertNear(alone.output(name), want, 1e-5);
                assertNear(shared.output(name), want, 1e-5);
            }
        }
    }

    /** A product, one added to a term and one to a bias, and the sum of the gradients in x. */
    private static final class Linear {
        final SameDiff graph = Graphs.create();
        final List<String> outputs;

        Linear(INDArray weight, INDArray x, INDArray term) {
            DataType type = weight.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
            SDVariable xs = graph.var("x", x.castTo(type));
            SDVariable terms = graph.var("term", term.castTo(type));
            SDVariable weights = graph.var("weight", weight);
            SDVariable bias = graph.var("bias", term.castTo(type).getRow(0).dup());
            SDVariable product = Ops.linear(xs, weights, null);
            SDVariable sum = terms.mul(2).add(Ops.linear(xs.mul(0.5), weights, null));
            SDVariable biased = Ops.linear(xs.mul(1.5), weights, bias);
            SDVariable loss = product.mul(terms).sum().add(biased.mul(terms).sum());
            SDVariable gradient = Gradients.of(loss, List.of(xs)).get("x");
            outputs = List.of(product.name(), sum.name(), biased.name(), gradient.name());
        }

        Plan plan(KernelSource kernels) {
            return Plan.compile(graph, outputs, Map.of(), kernels);
        }
    }

    /** Sums over micro-batches: the gradient is added to what the steps before have left. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void gradientsAreAddedToSums(DataType type) {
        Random random = new Random(5);
        INDArray upstream = TestGraphs.normal(random, DataType.FLOAT, 3, 300);
        INDArray weight = TestGraphs.normal(random, DataType.FLOAT, 300, 17).castTo(type);
        INDArray sum = TestGraphs.normal(random, DataType.FLOAT, 3, 17);
        INDArray expected = sum.add(upstream.mmul(weight.castTo(DataType.FLOAT)));
        new NarrowLinearGradientKernel()
                .bind(List.of(upstream, weight), List.of(sum), output -> true)
                .run();
        assertNear(sum, expected, 1e-5);
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void rowsOfATable(DataType type) {
        INDArray table = TestGraphs.normal(new Random(2), DataType.FLOAT, 9, 37).castTo(type);
        SameDiff graph = Graphs.create();
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, 4);
        SDVariable rows = Ops.embedding(graph.var("table", table), ids, 9);
        try (Plan body = Plan.compile(graph, List.of(rows.name()), Map.of(), KernelSource.NONE);
                Plan kernel = Plan.compile(graph, List.of(rows.name()), Map.of(), Kernels.available())) {
            for (Plan plan : List.of(body, kernel)) {
                plan.input("ids").assign(Nd4j.createFromArray(8, 0, 8, 3));
                plan.run();
            }
            assertThat(kernel.output(rows.name())).isEqualTo(body.output(rows.name()));
            assertThat(kernel.output(rows.name()).getRow(3))
                    .isEqualTo(table.getRow(3).castTo(DataType.FLOAT));
            kernel.input("ids").assign(Nd4j.createFromArray(0, 0, 9, 0));
            assertThatThrownBy(kernel::run).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** One chunk and several, a vocabulary of more than one tile, the gradient in the hidden states. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void headsAreThoseOfPlainOps(DataType type) {
        Random random = new Random(4);
        INDArray hidden = TestGraphs.normal(random, DataType.FLOAT, 11, 19);
        INDArray weight = TestGraphs.normal(random, DataType.FLOAT, 613, 19).castTo(type);
        for (int chunkRows : new int[] {11, 4}) {
            SameDiff graph = Graphs.create();
            List<String> outputs = head(graph, hidden, weight, chunkRows);
            SameDiff wide = Graphs.create();
            List<String> wideOutputs =
                    head(wide, hidden.castTo(DataType.DOUBLE), weight.castTo(DataType.DOUBLE), chunkRows);
            Map<String, INDArray> exact = wide.output(Map.of(), wideOutputs);
            try (Plan body = Plan.compile(graph, outputs, Map.of(), KernelSource.NONE);
                    Plan kernels = Plan.compile(graph, outputs, Map.of(), Kernels.available())) {
                body.run();
                kernels.run();
                for (int i = 0; i < outputs.size(); i++) {
                    INDArray want = exact.get(wideOutputs.get(i)).castTo(DataType.FLOAT);
                    assertNear(body.output(outputs.get(i)), want, 1e-5);
                    assertNear(kernels.output(outputs.get(i)), want, 1e-5);
                }
            }
        }
    }

    private static List<String> head(SameDiff graph, INDArray hidden, INDArray weight, int chunkRows) {
        int rows = (int) hidden.size(0);
        int vocabulary = (int) weight.size(0);
        SDVariable states = graph.var("hidden", hidden);
        SDVariable targets = graph.constant(
                Nd4j.createFromArray(new Random(1).ints(rows, 0, vocabulary).toArray()));
        LanguageModelHead.Scores scores = new LanguageModelHead(
                        rows, (int) hidden.size(1), vocabulary, 0.7, true, chunkRows)
                .score(states, graph.var("weight", weight), targets);
        SDVariable loss = scores.logProbs().sum().add(scores.entropies().sum());
        List<String> outputs = new ArrayList<>(
                List.of(scores.logProbs().name(), scores.entropies().name()));
        outputs.add(Gradients.of(loss, List.of(states)).get("hidden").name());
        return outputs;
    }

    @Test
    void kernelsHoldNoWideCopyOfAWeight() {
        INDArray weight = Nd4j.create(DataType.BFLOAT16, 4096, 64);
        SameDiff graph = Graphs.create();
        SDVariable x = graph.var("x", Nd4j.ones(DataType.FLOAT, 2, 64));
        SDVariable loss =
                Ops.linear(x, graph.var("weight", weight), null).mul(3).sum();
        String gradient = Gradients.of(loss, List.of(x)).get("x").name();
        long wide = weight.length() * Float.BYTES;
        Plan.Statistics kernels = Plan.of(graph).outputs(List.of(gradient)).measure();
        Plan.Statistics body = Plan.of(graph)
                .outputs(List.of(gradient))
                .kernels(KernelSource.NONE)
                .measure();
        assertThat(kernels.arenaBytes()).isLessThan(wide / 8);
        assertThat(body.arenaBytes()).isGreaterThanOrEqualTo(wide);
    }
}
