package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.framework.plan.Team;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class PackedWeightsTest {
    @BeforeEach
    void requireOneDnn() {
        assumeThat(PackedWeights.isAvailable()).as("oneDNN loads here").isTrue();
    }

    /** Products, added to another term or not, alone or by a team, with sizes that are no multiples of a vector. */
    @ParameterizedTest
    @CsvSource({"1, 100, 37", "5, 129, 64", "16, 1000, 256", "33, 517, 130", "64, 300, 77", "192, 140, 33"})
    void productsAreThoseOfTheWeights(int rows, int n, int k) {
        Random random = new Random(3);
        INDArray weight = TestGraphs.normal(random, DataType.FLOAT, n, k);
        SameDiff graph = Graphs.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, rows, k);
        SDVariable term = graph.placeHolder("term", DataType.FLOAT, rows, n);
        SDVariable product = graph.mmul(x, graph.var("w", weight), false, true, false);
        SDVariable sum = term.mul(2).add(graph.mmul(x, graph.getVariable("w"), false, true, false));
        List<String> names = List.of(product.name(), sum.name());
        INDArray xs = TestGraphs.normal(random, DataType.FLOAT, rows, k);
        INDArray terms = TestGraphs.normal(random, DataType.FLOAT, rows, n);
        try (Team team = new Team(2);
                Replicas replicas = new Replicas(2);
                PackedWeights packed = new PackedWeights();
                Plan plain = Plan.compile(graph, names, Map.of(), KernelSource.NONE);
                Plan alone = Plan.compile(graph, names, Map.of(), Kernels.available(null, packed));
                Plan shared = Plan.compile(graph, names, Map.of(), Kernels.available(team, packed))) {
            for (Plan plan : List.of(plain, alone, shared)) {
                plan.input("x").assign(xs);
                plan.input("term").assign(terms);
            }
            for (int round = 0; round < 2; round++) {
                for (Plan plan : List.of(plain, alone, shared)) {
                    plan.run();
                }
                for (String name : names) {
                    double scale = plain.output(name).amaxNumber().doubleValue();
                    for (Plan plan : List.of(alone, shared)) {
                        double off = plan.output(name)
                                .sub(plain.output(name))
                                .amaxNumber()
                                .doubleValue();
                        assertThat(off).as(name).isLessThan(1e-5 * scale);
                    }
                }
                weight.muli(-1.5);
                packed.refresh(replicas);
            }
        }
    }

    @Test
    void copiesAreSharedByPlansAndFreedByClose() {
        INDArray weight = TestGraphs.normal(new Random(1), DataType.FLOAT, 64, 64);
        try (PackedWeights packed = new PackedWeights()) {
            assertThat(packed.of(weight, 0, 64)).isSameAs(packed.of(weight, 0, 64));
            packed.of(weight, 0, 32);
            assertThat(packed.bytes()).isBetween(64 * 96 * 4L, 2 * 64 * 96 * 4L);
            packed.close();
            assertThat(packed.bytes()).isZero();
        }
    }
}
