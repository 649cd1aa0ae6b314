package org.grpo4j.framework.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.op.TestGraphs.Graph;
import org.grpo4j.framework.op.TestGraphs.Sizes;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class PlanTest {
    private static final Sizes SIZES = new Sizes(2, 5, 8, 4, 2, 12, 11, 2);

    @Test
    void gradientsOfAWholeDecoderEqualFiniteDifferences() {
        for (boolean padded : new boolean[] {false, true}) {
            Graph g = TestGraphs.decoder(SIZES, DataType.DOUBLE, padded, 7);
            Map<String, SDVariable> gradients = Gradients.of(g.loss(), g.parameters());
            List<String> outputs = new ArrayList<>(List.of(g.loss().name()));
            gradients.values().forEach(v -> outputs.add(v.name()));
            try (Plan plan = Plan.compile(g.graph(), outputs)) {
                plan.run();
                System.out.println(plan.statistics());
                Map<String, INDArray> analytic = new HashMap<>();
                gradients.forEach(
                        (name, v) -> analytic.put(name, plan.output(v.name()).dup()));
                double worst = 0;
                for (SDVariable parameter : g.parameters()) {
                    INDArray values = parameter.getArr();
                    for (int i = 0; i < values.length(); i += Math.max(1, (int) values.length() / 5)) {
                        double h = 1e-5;
                        double x = values.getDouble(i);
                        values.putScalar(i, x + h);
                        plan.run();
                        double above = plan.output(g.loss().name()).getDouble(0);
                        values.putScalar(i, x - h);
                        plan.run();
                        double below = plan.output(g.loss().name()).getDouble(0);
                        values.putScalar(i, x);
                        double numeric = (above - below) / (2 * h);
                        double error = Math.abs(
                                        numeric - analytic.get(parameter.name()).getDouble(i))
                                / (1 + Math.abs(numeric));
                        worst = Math.max(worst, error);
                        assertThat(error).as(parameter.name()).isLessThan(1e-7);
                    }
                }
                System.out.println("worst " + worst);
            }
        }
    }

    @Test
    void planEqualsSession() {
        Graph g = TestGraphs.decoder(SIZES, DataType.FLOAT, true, 3);
        Map<String, SDVariable> gradients = Gradients.of(g.loss(), g.parameters());
        List<String> outputs =
                new ArrayList<>(List.of(g.loss().name(), g.logProbs().name()));
        gradients.values().forEach(v -> outputs.add(v.name()));
        Map<String, INDArray> expected = g.graph().output(Map.of(), outputs);
        try (Plan plan = Plan.compile(g.graph(), outputs)) {
            plan.run();
            plan.run();
            for (String name : outputs) {
                INDArray want = expected.get(name);
                double scale = want.amaxNumber().doubleValue();
                assertThat(plan.output(name).sub(want).amaxNumber().doubleValue())
                        .as(name)
                        .isLessThan(1e-5 * (1 + scale));
            }
        }
    }
}
