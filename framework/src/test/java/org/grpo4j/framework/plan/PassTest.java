package org.grpo4j.framework.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.op.TestGraphs.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each pass does its work, and no result changes by it. */
class PassTest {
    private static final Sizes SIZES = new Sizes(2, 21, 32, 4, 2, 48, 37, 3);

    static List<KernelSource> kernels() {
        return List.of(Kernels.available(), KernelSource.NONE);
    }

    @Test
    void whatNobodyNeedsDoesNotRun() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 4);
        SDVariable y = x.add(1.0);
        graph.math().exp(y);
        try (Plan plan = Plan.compile(graph, List.of(y.name()))) {
            assertThat(plan.statistics().steps()).isEqualTo(1);
        }
    }

    @Test
    void equalExpressionsAreComputedOnce() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 3, 3);
        SDVariable w = graph.placeHolder("w", DataType.FLOAT, 3, 3);
        SDVariable first = x.mmul(w);
        SDVariable second = x.mmul(w);
        SDVariable transposed = graph.mmul(x, w, false, true, false);
        SDVariable sum = first.mul(second).sub(transposed);
        try (Plan plan = Plan.compile(graph, List.of(sum.name(), second.name()))) {
            assertThat(plan.statistics().opsOfGraph()).isEqualTo(5);
            assertThat(plan.statistics().steps()).isEqualTo(4);
            plan.input("x").assign(Nd4j.arange(9).reshape(3, 3));
            plan.input("w").assign(Nd4j.arange(9).reshape(3, 3).add(1));
            plan.run();
            INDArray product = plan.input("x").mmul(plan.input("w"));
            INDArray expected = product.mul(product)
                    .sub(plan.input("x").mmul(plan.input("w").transpose()));
            assertThat(plan.output(sum.name())).isEqualTo(expected);
            assertThat(plan.output(second.name())).isEqualTo(product);
        }
    }

    @Test
    void differentArgumentsAreDifferentExpressions() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2, 3);
        SDVariable rows = graph.sum(x, true, 0);
        SDVariable columns = graph.sum(x, true, 1);
        SDVariable slice = graph.slice(x, new int[] {0, 0}, 1, 3);
        SDVariable other = graph.slice(x, new int[] {1, 0}, 1, 3);
        List<String> names = List.of(rows.name(), columns.name(), slice.name(), other.name());
        try (Plan plan = Plan.compile(graph, names)) {
            plan.input("x").assign(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}));
            plan.run();
            assertThat(plan.output(names.get(0)).toFloatVector()).containsExactly(5, 7, 9);
            assertThat(plan.output(names.get(1)).toFloatVector()).containsExactly(6, 15);
            assertThat(plan.output(names.get(2)).toFloatVector()).containsExactly(1, 2, 3);
            assertThat(plan.output(names.get(3)).toFloatVector()).containsExactly(4, 5, 6);
        }
    }

    /** A residual that is still read, one that is not, a second product and a bias; none may change what others read. */
    @Test
    void productsAddToTheOtherTermOfAnAddition() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 5, 5);
        SDVariable w = graph.placeHolder("w", DataType.FLOAT, 5, 5);
        SDVariable bias = graph.placeHolder("bias", DataType.FLOAT, 5);
        SDVariable start = x.mul(2);
        SDVariable kept = start.add(x.mmul(w));
        SDVariable both = graph.mmul(kept, w, false, true, false).add(graph.mmul(kept, w));
        SDVariable biased = w.mmul(both).add(bias);
        SDVariable last = start.add(biased);
        List<String> names = List.of(kept.name(), both.name(), biased.name(), last.name());
        try (Plan fused = Plan.compile(graph, names);
                Plan plain = Plan.compile(graph, names, Map.of(), KernelSource.NONE)) {
            boolean kernels = Kernels.available() != KernelSource.NONE;
            assertThat(fused.statistics().steps()).isEqualTo(plain.statistics().steps() - (kernels ? 3 : 0));
            for (Plan plan : List.of(fused, plain)) {
                plan.input("x").assign(Nd4j.arange(25).reshape(5, 5).div(25));
                plan.input("w").assign(Nd4j.arange(25).reshape(5, 5).div(-10).add(1));
                plan.input("bias").assign(Nd4j.arange(5));
                plan.run();
                plan.run();
            }
            for (String name : names) {
                assertThat(fused.output(name).equalsWithEps(plain.output(name), 1e-4))
                        .as(name)
                        .isTrue();
            }
        }
    }

    /** Checkpointing repeats the same ops on the same numbers: every bit is the same, and most activations are gone. */
    @ParameterizedTest
    @MethodSource("kernels")
    void recomputationChangesNoBit(KernelSource kernels) {
        Model g = Model.of(SIZES);
        List<String> outputs = g.outputs();
        try (Plan kept = Plan.of(g.graph()).outputs(outputs).kernels(kernels).compile();
                Plan again = Plan.of(g.graph())
                        .outputs(outputs)
                        .kernels(kernels)
                        .recomputeBetween(g.boundaries())
                        .compile()) {
            kept.run();
            again.run();
            again.run();
            assertThat(again.statistics().steps())
                    .isGreaterThan(kept.statistics().steps());
            for (String name : outputs) {
                assertThat(again.output(name)).as(name).isEqualTo(kept.output(name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void recomputationSavesActivations(KernelSource kernels) {
        Model g = Model.of(new Sizes(4, 32, 32, 4, 2, 96, 16, 12));
        try (ParameterStore store = g.zeros()) {
            OrderedSums sums = new OrderedSums(store);
            long kept = Plan.of(g.graph())
                    .outputs(List.of(g.loss().name()))
                    .kernels(kernels)
                    .sums(sums, g.gradientNames())
                    .measure()
                    .arenaBytes();
            long again = Plan.of(g.graph())
                    .outputs(List.of(g.loss().name()))
                    .kernels(kernels)
                    .sums(sums, g.gradientNames())
                    .recomputeBetween(g.boundaries())
                    .measure()
                    .arenaBytes();
            assertThat((double) kept / again).isGreaterThan(3);
        }
    }

    /** Plans of an arena take turns in the same memory; a larger one replaces it and closes the others. */
    @Test
    void plansOfAnArenaShareMemory() {
        Model small = Model.of(SIZES);
        Model large = Model.of(new Sizes(4, 21, 32, 4, 2, 48, 37, 3));
        try (Arena arena = new Arena();
                Plan alone = Plan.compile(small.graph(), small.outputs())) {
            alone.run();
            Plan first = Plan.of(small.graph()).outputs(small.outputs()).compile(arena);
            long before = arena.bytes();
            Plan second = Plan.of(large.graph()).outputs(large.outputs()).compile(arena);
            assertThat(arena.bytes()).isGreaterThan(before);
            assertThat(first.isClosed()).isTrue();
            assertThatThrownBy(first::run).hasMessageContaining("compile it again");
            long grown = arena.bytes();
            Plan again = Plan.of(small.graph()).outputs(small.outputs()).compile(arena);
            assertThat(arena.bytes()).isEqualTo(grown);
            second.run();
            again.run();
            for (String name : small.outputs()) {
                assertThat(again.output(name)).as(name).isEqualTo(alone.output(name));
            }
        }
    }

    @Test
    void aBoundaryMustBePartOfThePlan() {
        Model g = Model.of(SIZES);
        SDVariable stranger = g.loss().add(1.0);
        assertThatThrownBy(() -> Plan.of(g.graph())
                        .outputs(List.of(g.loss().name()))
                        .recomputeBetween(List.of(
                                stranger.name(),
                                g.boundaries().get(1),
                                g.boundaries().get(2)))
                        .compile())
                .hasMessageContaining("boundary '" + stranger.name() + "'");
    }

    /** Sums over tasks, on one thread or several, are the plan's own gradients added in the order of the tasks. */
    @ParameterizedTest
    @MethodSource("kernels")
    void sumsAreThoseOfTheGradients(KernelSource kernels) {
        int tasks = 5;
        Model g = Model.of(SIZES);
        Map<String, String> names = g.gradientNames();
        Map<String, INDArray> expected = new LinkedHashMap<>();
        try (Plan plan =
                Plan.of(g.graph()).outputs(g.outputs()).kernels(kernels).compile()) {
            plan.run();
            names.forEach((gradient, parameter) ->
                    expected.put(parameter, plan.output(gradient).mul(tasks)));
        }
        for (int count : new int[] {1, 2, 3}) {
            try (Replicas replicas = new Replicas(count);
                    ParameterStore store = g.zeros()) {
                OrderedSums sums = new OrderedSums(store);
                List<Plan> plans = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Model own = i == 0 ? g : Model.of(SIZES);
                    plans.add(Plan.of(own.graph())
                            .outputs(List.of(own.loss().name()))
                            .kernels(kernels)
                            .sums(sums, own.gradientNames())
                            .compile());
                }
                for (int step = 0; step < 2; step++) {
                    sums.begin(tasks, count);
                    replicas.run(tasks, (replica, task) -> plans.get(replica).run(task));
                }
                expected.forEach((parameter, want) -> {
                    double scale = 1 + want.amaxNumber().doubleValue();
                    double off = store.get(parameter).sub(want).amaxNumber().doubleValue();
                    assertThat(off).as("%s, %d replicas", parameter, count).isLessThan(1e-5 * scale);
                });
                plans.forEach(Plan::close);
            }
        }
    }

    @Test
    void aFailedTaskReleasesTheOthers() {
        Model g = Model.of(SIZES);
        try (Replicas replicas = new Replicas(2);
                ParameterStore store = g.zeros()) {
            OrderedSums sums = new OrderedSums(store);
            Plan plan = Plan.of(g.graph())
                    .outputs(List.of(g.loss().name()))
                    .sums(sums, g.gradientNames())
                    .compile();
            sums.begin(2, 2);
            assertThatThrownBy(() -> replicas.run(2, (replica, task) -> {
                        if (task == 0) {
                            IllegalArgumentException cause = new IllegalArgumentException("no such token");
                            sums.abort(cause);
                            throw cause;
                        }
                        plan.run(task);
                    }))
                    .hasMessage("no such token");
            assertThat(sums.failure()).hasMessage("no such token");
            plan.close();
        }
    }

    /** A decoder with its gradients. */
    private record Model(TestGraphs.Graph decoder, Map<String, SDVariable> gradients) {
        static Model of(Sizes sizes) {
            TestGraphs.Graph decoder = TestGraphs.decoder(sizes, DataType.FLOAT, false, 5);
            return new Model(decoder, Gradients.of(decoder.loss(), decoder.parameters()));
        }

        SameDiff graph() {
            return decoder.graph();
        }

        SDVariable loss() {
            return decoder.loss();
        }

        List<String> boundaries() {
            return decoder.boundaries();
        }

        Map<String, String> gradientNames() {
            Map<String, String> names = new LinkedHashMap<>();
            gradients.forEach((parameter, gradient) -> names.put(gradient.name(), parameter));
            return names;
        }

        ParameterStore zeros() {
            ParameterStore store = new ParameterStore(DataType.FLOAT);
            decoder.parameters()
                    .forEach(p -> store.putZeros(p.name(), p.getArr().shape()));
            return store;
        }

        List<String> outputs() {
            List<String> outputs = new ArrayList<>(List.of(loss().name()));
            gradients.values().forEach(v -> outputs.add(v.name()));
            return outputs;
        }
    }
}
