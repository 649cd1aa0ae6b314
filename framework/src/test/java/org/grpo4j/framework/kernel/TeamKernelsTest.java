package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.op.Rope;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Team;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels shared by a team: what the plain ops compute, the same in every run, and by rows what one thread computes. */
class TeamKernelsTest {
    /** All ways of asking for a product: few, some and many rows, whole and odd blocks of columns. */
    @ParameterizedTest
    @CsvSource({
        "1, 1000, 300",
        "4, 1000, 300",
        "7, 1300, 100",
        "16, 1300, 100",
        "16, 130, 999",
        "33, 601, 64",
        "48, 512, 64",
        "49, 601, 64",
        "64, 700, 40",
        "130, 601, 33",
        "16, 64, 20"
    })
    void products(int rows, int columns, int depth) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", random(rows, depth));
        SDVariable weight = graph.var("weight", random(columns, depth));
        // oneDNN sums in another order at the odd end of a range of columns, and ranges depend on the team's size.
        check(graph, Ops.linear(x, weight, null), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"37, 96, 8, 4, 32", "40, 48, 14, 2, 64", "90, 16, 6, 3, 20", "2, 32, 2, 1, 6", "11, 160, 4, 4, 256"})
    void cachedAttention(int rows, int capacity, int heads, int kvHeads, int headDim) {
        SameDiff graph = SameDiff.create();
        int[] used = new int[rows];
        for (int row = 0; row < rows; row++) {
            // From an empty cache to a full one.
            used[row] = capacity * row / (rows - 1);
        }
        int tile = CachedAttention.TILE;
        SDVariable mixed = new CachedAttention(rows, capacity, heads, kvHeads, headDim)
                .apply(
                        graph.var("q", random(rows, heads * headDim)),
                        graph.var("k", random(rows, kvHeads * headDim)),
                        graph.var("v", random(rows, kvHeads * headDim)),
                        graph.var("keys", random(rows, kvHeads, capacity / tile, headDim, tile)),
                        graph.var("values", random(rows, kvHeads, capacity, headDim)),
                        graph.constant(Nd4j.createFromArray(used)));
        check(graph, mixed, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 70})
    void functionsOfRows(int rows) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", random(rows, 256));
        SDVariable normal = Ops.rmsNorm(x, graph.var("gain", random(256)), 1e-6);
        SDVariable rotated = new Rope(rows, 8, 32, false)
                .apply(normal, graph.var("cos", random(rows, 16)), graph.var("sin", random(rows, 16)));
        check(graph, Ops.swiGlu(rotated, x), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void attentionOfPrompts(int batch) {
        SameDiff graph = SameDiff.create();
        int time = 24;
        SDVariable mixed = new Attention(batch, time, 8, 4, 32)
                .apply(
                        graph.var("q", random((long) batch * time, 256)),
                        graph.var("k", random((long) batch * time, 128)),
                        graph.var("v", random((long) batch * time, 128)));
        check(graph, mixed.add(0.0), 0);
    }

    /** @param bound on the difference that the size of a team makes, relative to the largest number */
    private static void check(SameDiff graph, SDVariable output, double bound) {
        INDArray plain = run(graph, output, KernelSource.NONE);
        INDArray alone = run(graph, output, Kernels.available());
        double scale = 1 + plain.amaxNumber().doubleValue();
        assertThat(difference(alone, plain)).isLessThan(1e-5 * scale);
        for (int size : new int[] {1, 2, 3}) {
            try (Team team = new Team(size)) {
                INDArray together = run(graph, output, Kernels.available(team));
                assertThat(difference(together, alone)).as("%d threads", size).isLessThanOrEqualTo(bound * scale);
                INDArray again = run(graph, output, Kernels.available(team));
                assertThat(difference(again, together)).isZero();
            }
        }
    }

    private static double difference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    private static INDArray run(SameDiff graph, SDVariable output, KernelSource kernels) {
        try (Plan plan = Plan.compile(graph, List.of(output.name()), Map.of(), kernels)) {
            // Twice: the second run starts from memory that the first has used.
            plan.run();
            plan.run();
            return plan.output(output.name()).dup();
        }
    }

    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape).subi(0.5);
    }
}
