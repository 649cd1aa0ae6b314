package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.FiniteDifferences.Mismatch;
import org.grpo4j.framework.autodiff.Gradients;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of every function of this package and of every rule for an ND4J op, against finite differences. */
class OpGradientTest {
    /** Shapes of the inputs to differentiate in, and the function of them. */
    private record Case(String name, long[][] shapes, Function<List<SDVariable>, SDVariable> function) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Function<List<SDVariable>, SDVariable> function, long[]... shapes) {
        return new Case(name, shapes, function);
    }

    private static long[] shape(long... dims) {
        return dims;
    }

    static Stream<Case> functions() {
        return Stream.of(
                of(
                        "embedding with repeated ids",
                        in -> Ops.embedding(in.get(0), ints(in, 4, 0, 4, 4, 2), 5),
                        shape(5, 3)),
                of("linear", in -> Ops.linear(in.get(0), in.get(1), in.get(2)), shape(4, 3), shape(5, 3), shape(5)),
                of("rms norm", in -> Ops.rmsNorm(in.get(0), in.get(1), 1e-3), shape(4, 6), shape(6)),
                of("rope", in -> rope(in, false), shape(6, 8)),
                of("rope backwards", in -> rope(in, true), shape(6, 8)),
                of("swiglu", in -> Ops.swiGlu(in.get(0), in.get(1)), shape(3, 5), shape(3, 5)),
                of("attention", in -> attention(in, 2, 2), shape(8, 4), shape(8, 4), shape(8, 4)),
                of("grouped attention", in -> attention(in, 4, 2), shape(8, 8), shape(8, 4), shape(8, 4)),
                of("padded attention", OpGradientTest::paddedAttention, shape(8, 8), shape(8, 4), shape(8, 4)),
                of("token log-probs", in -> Ops.tokenLogProbs(in.get(0), ints(in, 2, 0, 6)), shape(3, 7)),
                of("entropy", in -> Ops.entropy(in.get(0)), shape(3, 7)));
    }

    static Stream<Case> rules() {
        return Stream.of(
                of("add", in -> in.get(0).add(in.get(1)), shape(2, 3), shape(2, 3)),
                of("add of a row", in -> in.get(0).add(in.get(1)), shape(2, 3), shape(3)),
                of("subtract of a column", in -> in.get(0).sub(in.get(1)), shape(2, 3), shape(2, 1)),
                of("multiply by a middle axis", in -> in.get(0).mul(in.get(1)), shape(2, 3, 4), shape(2, 1, 4)),
                of("multiply, the left side repeated", in -> in.get(0).mul(in.get(1)), shape(4), shape(2, 3, 4)),
                of("divide", in -> in.get(0).div(in.get(1).mul(in.get(1)).add(1)), shape(2, 3), shape(3)),
                of("square of itself", in -> in.get(0).mul(in.get(0)), shape(2, 3)),
                of("matmul", in -> matmul(in, false, false), shape(3, 4), shape(4, 2)),
                of("matmul with the left transposed", in -> matmul(in, true, false), shape(4, 3), shape(4, 2)),
                of("matmul with the right transposed", in -> matmul(in, false, true), shape(3, 4), shape(2, 4)),
                of("matmul with both transposed", in -> matmul(in, true, true), shape(4, 3), shape(2, 4)),
                of("batched matmul", in -> matmul(in, false, true), shape(2, 3, 4), shape(2, 5, 4)),
                of("permute", in -> in.get(0).permute(2, 0, 1), shape(2, 3, 4)),
                of("reshape", in -> in.get(0).reshape(6, 4), shape(2, 3, 4)),
                of("expand and squeeze", in -> graph(in).squeeze(graph(in).expandDims(in.get(0), 1), 1), shape(2, 3)),
                of("slice", in -> graph(in).slice(in.get(0), new int[] {0, 1}, 2, 2), shape(2, 4)),
                of("concat", in -> graph(in).concat(1, in.get(0), in.get(1)), shape(2, 3), shape(2, 2)),
                of("gather with repeated rows", in -> graph(in).gather(in.get(0), ints(in, 1, 1, 3), 0), shape(4, 2)),
                of("mean over an axis", in -> graph(in).mean(in.get(0), true, 1), shape(3, 4)),
                of("softmax", in -> graph(in).nn().softmax(in.get(0), 1), shape(3, 4)),
                of(
                        "exp and log",
                        in -> graph(in)
                                .math()
                                .log(graph(in).math().exp(in.get(0)).add(1)),
                        shape(3, 4)));
    }

    @ParameterizedTest
    @MethodSource({"functions", "rules"})
    void gradientEqualsFiniteDifferences(Case c) {
        Random random = new Random(5);
        SameDiff graph = SameDiff.create();
        List<SDVariable> inputs = new ArrayList<>();
        for (long[] shape : c.shapes) {
            inputs.add(graph.var("x" + inputs.size(), TestGraphs.normal(random, DataType.DOUBLE, shape)));
        }
        SDVariable output = c.function.apply(inputs);
        INDArray value = output.eval();
        // Random weights, so that a gradient of the wrong entry cannot hide behind a sum.
        SDVariable weights = graph.constant(TestGraphs.normal(random, DataType.DOUBLE, value.shape()));
        SDVariable loss = output.mul(weights).sum();
        Map<String, SDVariable> gradients = Gradients.of(loss, inputs);
        for (SDVariable input : inputs) {
            INDArray numerical = FiniteDifferences.gradient(
                    graph, loss.name(), input.name(), Map.of(), FiniteDifferences.DEFAULT_STEP);
            INDArray computed =
                    graph.outputSingle(Map.of(), gradients.get(input.name()).name());
            Mismatch worst = FiniteDifferences.worst(computed, numerical);
            assertThat(worst.error()).as("%s in %s: %s", c, input.name(), worst).isLessThan(1e-7);
        }
    }

    private static SameDiff graph(List<SDVariable> inputs) {
        return inputs.get(0).getSameDiff();
    }

    private static SDVariable ints(List<SDVariable> inputs, int... values) {
        return graph(inputs).constant(Nd4j.createFromArray(values));
    }

    private static SDVariable matmul(List<SDVariable> in, boolean left, boolean right) {
        return graph(in).mmul(in.get(0), in.get(1), left, right, false);
    }

    private static SDVariable rope(List<SDVariable> in, boolean backwards) {
        Random random = new Random(6);
        INDArray angles = TestGraphs.normal(random, DataType.DOUBLE, 6, 2);
        SDVariable cos = graph(in).constant(org.nd4j.linalg.ops.transforms.Transforms.cos(angles, true));
        SDVariable sin = graph(in).constant(org.nd4j.linalg.ops.transforms.Transforms.sin(angles, true));
        return new Rope(6, 2, 4, backwards).apply(in.get(0), cos, sin);
    }

    private static SDVariable attention(List<SDVariable> in, int heads, int kvHeads) {
        return new Attention(2, 4, heads, kvHeads, 2).apply(in.get(0), in.get(1), in.get(2));
    }

    /** One padding position on the left of the second sequence, whose own output is masked out of the loss. */
    private static SDVariable paddedAttention(List<SDVariable> in) {
        double[][] bias = new double[2][4];
        bias[1][0] = Attention.MASKED;
        double[] seen = new double[8];
        Arrays.fill(seen, 1);
        seen[4] = 0;
        SDVariable mixed = new Attention(2, 4, 4, 2, 2)
                .apply(in.get(0), in.get(1), in.get(2), graph(in).constant(Nd4j.create(bias)));
        return mixed.mul(graph(in).constant(Nd4j.create(seen).reshape(8, 1)));
    }
}
