package org.grpo4j.models.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.decoder.AdapterDropout;
import org.grpo4j.models.decoder.SequenceGraph;
import org.grpo4j.models.decoder.SequenceShape;
import org.grpo4j.models.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The decoder with an adapter and dropout: gradients of the adapter, and the plan that computes them. */
class LoraGradientTest {

    private static final SequenceShape SHAPE = new SequenceShape(2, 5);
    private static final LoraConfig CONFIG =
            new LoraConfig(1, 3, 0.25, Set.of("q_proj", "v_proj", "o_proj", "down_proj"), true);

    @Test
    void gradientsOfTheAdapterAreThoseOfFiniteDifferences() {
        try (Checkpoint base = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.DOUBLE);
                LoraAdapter adapter = adapter(base)) {
            Loss loss = loss(SameDiff.create(), base.withAdapter(adapter));
            for (String name : List.of(
                    "model.layers.0.self_attn.q_proj.lora_A.weight", "model.layers.1.self_attn.v_proj.lora_B.weight")) {
                String gradient = Gradients.of(loss.value, List.of(loss.variables.get(name)))
                        .get(name)
                        .name();
                INDArray computed = loss.graph.output(loss.inputs, gradient).get(gradient);
                INDArray numerical = FiniteDifferences.gradient(
                        loss.graph, loss.value.name(), name, loss.inputs, FiniteDifferences.DEFAULT_STEP);
                assertThat(FiniteDifferences.worst(computed, numerical).error())
                        .as(name)
                        .isLessThan(1e-7);
            }
        }
    }

    @Test
    void aPlanEqualsTheSession() {
        try (Checkpoint base = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.FLOAT);
                LoraAdapter adapter = adapter(base)) {
            Loss loss = loss(SameDiff.create(), base.withAdapter(adapter));
            List<SDVariable> trained = adapter.parameters().names().stream()
                    .map(loss.variables::get)
                    .toList();
            List<String> outputs = new ArrayList<>(List.of(loss.value.name()));
            Gradients.of(loss.value, trained).values().forEach(gradient -> outputs.add(gradient.name()));
            Map<String, INDArray> expected = loss.graph.output(loss.inputs, outputs);
            try (Plan plan = Plan.compile(loss.graph, outputs)) {
                loss.inputs.forEach((name, array) -> plan.input(name).assign(array));
                plan.run();
                for (String output : outputs) {
                    INDArray want = expected.get(output);
                    double scale = want.amaxNumber().doubleValue();
                    assertThat(plan.output(output).sub(want).amaxNumber().doubleValue())
                            .as(output)
                            .isLessThan(3e-5 * (scale + 1e-3));
                }
            }
        }
    }

    @Test
    void dropoutKeepsTheMeanAndDropsAsManyAsItSays() {
        int tokens = 400;
        try (Checkpoint base = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.FLOAT);
                LoraAdapter adapter = adapter(base)) {
            SameDiff graph = SameDiff.create();
            AdapterDropout dropout = new AdapterDropout(graph, base.model(), adapter, tokens);
            int width = base.config().width();
            SDVariable ones = graph.constant(Nd4j.ones(DataType.FLOAT, tokens, width));
            SDVariable dropped = dropout.apply(ones, "model.layers.1.self_attn.q_proj");
            SDVariable other = dropout.apply(ones, "model.layers.1.self_attn.v_proj");
            INDArray noise = Nd4j.create(
                    DataType.FLOAT, graph.getVariable(AdapterDropout.NOISE).placeholderShape());
            AdapterDropout.fill(noise, 9);
            Map<String, INDArray> result =
                    graph.output(Map.of(AdapterDropout.NOISE, noise), dropped.name(), other.name());
            INDArray kept = result.get(dropped.name());
            int zeros = 0;
            for (long i = 0; i < kept.length(); i++) {
                double value = kept.getDouble(i);
                zeros += value == 0 ? 1 : 0;
                assertThat(value == 0 || Math.abs(value - 1 / 0.75) < 1e-6).isTrue();
            }
            assertThat(zeros / (double) kept.length()).isBetween(0.24, 0.26);
            assertThat(result.get(other.name())).isNotEqualTo(kept);
        }
    }

    private record Loss(
            SameDiff graph, SDVariable value, Map<String, SDVariable> variables, Map<String, INDArray> inputs) {}

    private static Loss loss(SameDiff graph, Checkpoint checkpoint) {
        AdapterDropout dropout = new AdapterDropout(graph, checkpoint.model(), checkpoint.adapter(), SHAPE.tokens());
        SequenceGraph sequence = SequenceGraph.add(graph, checkpoint.model(), SHAPE, dropout);
        SDVariable targets = graph.placeHolder("targets", DataType.INT32, SHAPE.tokens());
        SDVariable logits = sequence.decoder().logits(sequence.hidden());
        SDVariable value = Ops.tokenLogProbs(logits, targets).mean();
        Random random = new Random(9);
        int vocabulary = checkpoint.config().vocabularySize();
        Map<String, INDArray> inputs = new HashMap<>();
        for (String name : List.of(SequenceGraph.IDS, "targets")) {
            int[] ids = random.ints(SHAPE.tokens(), 0, vocabulary).toArray();
            inputs.put(name, Nd4j.createFromArray(ids));
        }
        INDArray noise = Nd4j.create(
                checkpoint.parameters().dataType(),
                graph.getVariable(AdapterDropout.NOISE).placeholderShape());
        AdapterDropout.fill(noise, 3);
        inputs.put(AdapterDropout.NOISE, noise);
        return new Loss(graph, value, sequence.decoder().variables(), inputs);
    }

    private static LoraAdapter adapter(Checkpoint base) {
        DataType type = base.parameters().dataType();
        LoraAdapter adapter = LoraAdapter.random(CONFIG, base.config(), "", 2, type);
        Random random = new Random(4);
        for (String name : adapter.parameters().names()) {
            INDArray array = adapter.parameters().get(name);
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, 0.2 * random.nextGaussian());
            }
        }
        return adapter;
    }
}
