package org.grpo4j.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every family against golden numbers: logits, log-probabilities, padding on both sides and all gradients. */
class DecoderFixtureTest {
    private static final double TOLERANCE = 2e-4;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void sequencesMatch(String name) {
        checkSequences(Fixtures.checkpoint(name));
    }

    @Test
    void aTrainedModelMatches() {
        checkSequences(Fixtures.shared("fixtures/stories260K"));
    }

    private static void checkSequences(Path folder) {
        JsonNode expected = Fixtures.json(folder.resolve("expected.json"));
        double bound = TOLERANCE * expected.get("logit_spread").asDouble();
        try (Checkpoint checkpoint = Checkpoint.load(folder, DataType.FLOAT);
                SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
            for (JsonNode sequence : expected.get("sequences")) {
                int[] ids = ints(sequence.get("input_ids"));
                SequenceScorer.Scores scores = scorer.score(ids, SequenceScorer.Logits.ALL);
                // Without logits another plan runs, whose head never holds them.
                SequenceScorer.Scores alone = scorer.score(ids, SequenceScorer.Logits.NONE);
                assertThat(alone.logits()).isEmpty();
                for (int i = 0; i < sequence.get("logit_positions").size(); i++) {
                    int position = sequence.get("logit_positions").get(i).asInt();
                    assertClose(
                            scores.logits()[position], sequence.get("logits").get(i), bound);
                }
                for (int t = 0; t < sequence.get("log_probs").size(); t++) {
                    double want = sequence.get("log_probs").get(t).asDouble();
                    assertThat(scores.logProbs()[t + 1]).isCloseTo(want, within(bound));
                    assertThat(alone.logProbs()[t + 1]).isCloseTo(want, within(bound));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void paddingOnEitherSideChangesNothing(String name) {
        JsonNode expected = Fixtures.json(Fixtures.checkpoint(name).resolve("expected.json"));
        double bound = TOLERANCE * expected.get("logit_spread").asDouble();
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT)) {
            for (JsonNode batch : expected.get("padded_batches")) {
                try (Batch run = new Batch(checkpoint, batch)) {
                    run.plan.run();
                    INDArray logProbs = run.plan.output(run.logProbs.name());
                    for (int row = 0; row < run.rows; row++) {
                        int last = batch.get("last_positions").get(row).asInt();
                        double[] logits = run.plan
                                .output(run.logits.name())
                                .getRow((long) row * run.time + last)
                                .toDoubleVector();
                        assertClose(logits, batch.get("last_logits").get(row), bound);
                        for (int t = 0; t + 1 < run.time; t++) {
                            JsonNode want = batch.get("log_probs").get(row).get(t);
                            if (!want.isNull()) {
                                assertThat(logProbs.getDouble((long) row * run.time + t))
                                        .isCloseTo(want.asDouble(), within(bound));
                            }
                        }
                    }
                    assertThat(logProbs.isNaN().any()).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void gradientsOfEveryParameterMatch(String name) {
        JsonNode expected = Fixtures.json(Fixtures.checkpoint(name).resolve("expected.json"));
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT)) {
            for (JsonNode objective : expected.get("objectives")) {
                try (Batch run = new Batch(checkpoint, objective)) {
                    run.plan.run();
                    assertThat(run.plan.output(run.value.name()).getDouble(0))
                            .isCloseTo(
                                    objective.get("value").asDouble(),
                                    within(1e-3
                                                    * Math.abs(objective
                                                            .get("value")
                                                            .asDouble())
                                            + 1e-3));
                    objective.get("gradients").properties().forEach(entry -> {
                        INDArray gradient = run.plan.output(
                                run.gradients.get(entry.getKey()).name());
                        assertGradient(entry.getKey(), gradient, entry.getValue());
                    });
                    assertThat(run.gradients)
                            .hasSameSizeAs(objective.get("gradients").properties());
                }
            }
        }
    }

    /** One plan over the rows of a case: log-probabilities of the next token, and their weighted sum differentiated. */
    private static final class Batch implements AutoCloseable {
        final int rows;
        final int time;
        final SDVariable logProbs;
        final SDVariable logits;
        final SDVariable value;
        final Map<String, SDVariable> gradients = new LinkedHashMap<>();
        final Plan plan;

        Batch(Checkpoint checkpoint, JsonNode batch) {
            JsonNode ids = batch.get("input_ids");
            JsonNode mask = batch.get("attention_mask");
            boolean padded = mask != null && !mask.isNull();
            rows = ids.size();
            time = ids.get(0).size();
            SameDiff graph = SameDiff.create();
            SequenceGraph sequence =
                    SequenceGraph.add(graph, checkpoint.model(), new SequenceShape(rows, time, padded));
            logits = sequence.decoder().logits(sequence.hidden());
            SDVariable targets = graph.placeHolder("targets", DataType.INT32, (long) rows * time);
            SDVariable weights = graph.placeHolder("weights", DataType.FLOAT, (long) rows * time);
            logProbs = Ops.tokenLogProbs(logits, targets);
            value = logProbs.mul(weights).sum();
            List<String> outputs = new ArrayList<>(List.of(logProbs.name(), logits.name(), value.name()));
            if (batch.has("weights")) {
                gradients.putAll(Gradients.of(
                        value, List.copyOf(sequence.decoder().variables().values())));
                gradients.values().forEach(gradient -> outputs.add(gradient.name()));
            }
            plan = Plan.compile(graph, outputs);
            fill(batch, padded);
        }

        private void fill(JsonNode batch, boolean padded) {
            for (int row = 0; row < rows; row++) {
                for (int t = 0; t < time; t++) {
                    long at = (long) row * time + t;
                    plan.input(SequenceGraph.IDS)
                            .putScalar(
                                    at, batch.get("input_ids").get(row).get(t).asInt());
                    boolean hasNext = t + 1 < time;
                    plan.input("targets")
                            .putScalar(
                                    at,
                                    hasNext
                                            ? batch.get("input_ids")
                                                    .get(row)
                                                    .get(t + 1)
                                                    .asInt()
                                            : 0);
                    boolean weighted = batch.has("weights") && hasNext;
                    plan.input("weights")
                            .putScalar(
                                    at,
                                    weighted
                                            ? batch.get("weights")
                                                    .get(row)
                                                    .get(t)
                                                    .asDouble()
                                            : 0);
                    if (padded) {
                        plan.input(SequenceGraph.POSITIONS)
                                .putScalar(
                                        at,
                                        batch.get("position_ids")
                                                .get(row)
                                                .get(t)
                                                .asInt());
                        boolean real =
                                batch.get("attention_mask").get(row).get(t).asInt() == 1;
                        plan.input(SequenceGraph.PADDING).putScalar(row, t, real ? 0 : Attention.MASKED);
                    }
                }
            }
        }

        @Override
        public void close() {
            plan.close();
        }
    }

    private static void assertGradient(String name, INDArray gradient, JsonNode expected) {
        double norm = expected.get("norm").asDouble();
        assertThat(gradient.norm2Number().doubleValue()).as(name).isCloseTo(norm, within(1e-3 * norm));
        double entry = norm / Math.sqrt(gradient.length());
        JsonNode values = expected.has("values") ? expected.get("values") : expected.get("sample_values");
        for (int i = 0; i < values.size(); i++) {
            long at = expected.has("values")
                    ? i
                    : expected.get("sample_indices").get(i).asLong();
            double want = values.get(i).asDouble();
            double bound = 1e-3 * Math.max(Math.abs(want), entry);
            assertThat(gradient.getDouble(at)).as(name + "[" + at + "]").isCloseTo(want, within(bound));
        }
    }

    private static void assertClose(double[] actual, JsonNode expected, double bound) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected.get(i).asDouble(), within(bound));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double bound) {
        return org.assertj.core.data.Offset.offset(bound);
    }

    private static int[] ints(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }
}
