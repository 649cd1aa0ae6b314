package org.grpo4j.framework.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.op.TestGraphs.Graph;
import org.grpo4j.framework.op.TestGraphs.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PlanTest {
    private static final Sizes SMALL = new Sizes(2, 5, 8, 4, 2, 12, 11, 2);
    /** No size is a multiple of a vector's width, and one is beyond a kernel's block. */
    private static final Sizes ODD = new Sizes(3, 37, 36, 6, 3, 100, 51, 2);

    static Stream<Arguments> graphs() {
        return Stream.of(SMALL, ODD)
                .flatMap(sizes -> Stream.of(true, false)
                        .flatMap(padded -> Stream.of(Kernels.available(), KernelSource.NONE)
                                .map(kernels -> Arguments.of(sizes, padded, kernels))));
    }

    /** Kernels or plain ops, padded or not: loss, log-probabilities and all gradients as SameDiff's session has them. */
    @ParameterizedTest
    @MethodSource("graphs")
    void aPlanEqualsTheSession(Sizes sizes, boolean padded, KernelSource kernels) {
        Graph g = TestGraphs.decoder(sizes, DataType.FLOAT, padded, 3);
        List<String> outputs = outputs(g);
        Map<String, INDArray> expected = g.graph().output(Map.of(), outputs);
        try (Plan plan = Plan.compile(g.graph(), outputs, Map.of(), kernels)) {
            // Twice: the second run starts from memory that the first has used.
            plan.run();
            plan.run();
            for (String name : outputs) {
                INDArray want = expected.get(name);
                double scale = want.amaxNumber().doubleValue();
                double difference = plan.output(name).sub(want).amaxNumber().doubleValue();
                assertThat(difference).as(name).isLessThan(1e-5 * (1 + scale));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsOfAWholeDecoderEqualFiniteDifferences(boolean padded) {
        Graph g = TestGraphs.decoder(SMALL, DataType.DOUBLE, padded, 7);
        Map<String, SDVariable> gradients = Gradients.of(g.loss(), g.parameters());
        List<String> outputs = new ArrayList<>(List.of(g.loss().name()));
        gradients.values().forEach(v -> outputs.add(v.name()));
        try (Plan plan = Plan.compile(g.graph(), outputs)) {
            plan.run();
            Map<String, INDArray> analytic = new HashMap<>();
            gradients.forEach(
                    (name, v) -> analytic.put(name, plan.output(v.name()).dup()));
            for (SDVariable parameter : g.parameters()) {
                INDArray values = parameter.getArr();
                for (int i = 0; i < values.length(); i += Math.max(1, (int) values.length() / 5)) {
                    double numeric = slope(plan, g.loss().name(), values, i);
                    double error =
                            Math.abs(numeric - analytic.get(parameter.name()).getDouble(i));
                    assertThat(error / (1 + Math.abs(numeric)))
                            .as("%s[%d]", parameter.name(), i)
                            .isLessThan(1e-7);
                }
            }
        }
    }

    private static double slope(Plan plan, String loss, INDArray values, int i) {
        double h = 1e-5;
        double x = values.getDouble(i);
        values.putScalar(i, x + h);
        plan.run();
        double above = plan.output(loss).getDouble(0);
        values.putScalar(i, x - h);
        plan.run();
        double below = plan.output(loss).getDouble(0);
        values.putScalar(i, x);
        return (above - below) / (2 * h);
    }

    @Test
    void intermediateResultsShareMemory() {
        Graph g = TestGraphs.decoder(ODD, DataType.FLOAT, false, 3);
        try (Plan plan = Plan.compile(g.graph(), outputs(g), Map.of(), KernelSource.NONE)) {
            assertThat(plan.statistics().arenaBytes())
                    .isLessThan(plan.statistics().unsharedBytes() / 2);
            assertThat(plan.statistics().steps()).isLessThan(plan.statistics().opsOfGraph());
        }
    }

    @Test
    void constantsAreFoldedAndInputsReadInEveryRun() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2, 3);
        SDVariable two = graph.constant(Nd4j.scalar(1f)).add(1.0);
        SDVariable y = x.mul(two).reshape(3, 2).add(0.5);
        try (Plan plan = Plan.compile(graph, List.of(y.name()))) {
            assertThat(plan.statistics().steps()).isEqualTo(2);
            for (float value : new float[] {1, -4}) {
                plan.input("x").assign(value);
                plan.run();
                assertThat(plan.output(y.name()).shape()).containsExactly(3, 2);
                assertThat(plan.output(y.name()).getFloat(2, 1)).isEqualTo(2 * value + 0.5f);
            }
        }
    }

    @Test
    void mistakesAreNamed() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2, 3);
        SDVariable y = x.mul(2);
        INDArray other = Nd4j.zeros(DataType.FLOAT, 3, 2);
        assertThatThrownBy(() -> Plan.compile(graph, List.of(y.name()), Map.of("x", other), KernelSource.NONE))
                .hasMessageContaining("'x'")
                .hasMessageContaining("[3, 2]")
                .hasMessageContaining("[2, 3]");
        try (Plan plan = Plan.compile(graph, List.of(y.name()))) {
            assertThatThrownBy(() -> plan.input("z"))
                    .hasMessageContaining("no input 'z'")
                    .hasMessageContaining("[x]");
        }
        SDVariable open = graph.placeHolder("open", DataType.FLOAT, -1, 3).mul(2);
        assertThatThrownBy(() -> Plan.compile(graph, List.of(open.name()))).hasMessageContaining("no fixed shape");
    }

    private static List<String> outputs(Graph g) {
        List<String> outputs =
                new ArrayList<>(List.of(g.loss().name(), g.weightedLogProbs().name()));
        Gradients.of(g.loss(), g.parameters()).values().forEach(v -> outputs.add(v.name()));
        return outputs;
    }
}
