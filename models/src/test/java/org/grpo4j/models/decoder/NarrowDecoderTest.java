package org.grpo4j.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.WeightStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Decoders with frozen matrices in 16 bits compute what the same numbers compute in FLOAT. */
class NarrowDecoderTest {
    private static final int TIME = 24;

    @TempDir
    Path folder;

    /** This checkpoint is stored in BF16, so that nothing is rounded and the golden numbers hold. */
    @Test
    void aModelStoredInBfloat16GivesItsGoldenNumbers() {
        Path path = Fixtures.checkpoint("llama-tiny-bf16");
        JsonNode expected = Fixtures.json(path.resolve("expected.json"));
        double bound = 2e-4 * expected.get("logit_spread").asDouble();
        try (Checkpoint narrow = Checkpoint.load(path, DataType.FLOAT, WeightStorage.bfloat16());
                SequenceScorer scorer = new SequenceScorer(narrow.model());
                Generator generator = new Generator(narrow.model(), 4)) {
            requireNarrowMatrices(narrow.parameters(), DataType.BFLOAT16);
            for (JsonNode sequence : expected.get("sequences")) {
                int[] ids = ints(sequence.get("input_ids"));
                double[] logProbs =
                        scorer.score(ids, SequenceScorer.Logits.NONE).logProbs();
                for (int t = 0; t < sequence.get("log_probs").size(); t++) {
                    double want = sequence.get("log_probs").get(t).asDouble();
                    assertThat(logProbs[t + 1]).isCloseTo(want, within(bound));
                }
            }
            JsonNode greedy = expected.get("greedy");
            Completion completion = generator
                    .generate(
                            List.of(new CompletionRequest(ints(greedy.get("prompt_ids")), 0)),
                            SamplingConfig.greedy(16, Set.of()))
                    .get(0);
            assertThat(completion.tokens()).isEqualTo(ints(greedy.get("continuation")));
        }
    }

    static Stream<Arguments> models() {
        return Stream.of("qwen2-tiny", "qwen3-tiny", "llama3-tiny")
                .flatMap(name -> Stream.of(
                        Arguments.of(name, TensorType.BF16, WeightStorage.bfloat16()),
                        Arguments.of(name, TensorType.F16, WeightStorage.float16())));
    }

    @ParameterizedTest
    @MethodSource("models")
    void valuesAndGradientsAreThoseOfTheSameNumbersInFloat(String name, TensorType type, WeightStorage storage)
            throws IOException {
        Path rounded = rounded(name, type);
        // The last layer trains and is therefore wide in both.
        Predicate<String> trains = parameter -> parameter.contains("layers.1.");
        try (Checkpoint wide = Checkpoint.load(rounded, DataType.FLOAT);
                Checkpoint narrow = Checkpoint.load(rounded, DataType.FLOAT, storage.training(trains))) {
            assertThat(narrow.parameters().bytes()).isLessThan(wide.parameters().bytes());
            assertThat(narrow.parameters().isNarrow("model.layers.1.mlp.up_proj.weight"))
                    .isFalse();
            Map<String, INDArray> expected = lossAndGradients(wide, narrow.parameters());
            Map<String, INDArray> actual = lossAndGradients(narrow, narrow.parameters());
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            assertThat(actual).containsKey("model.layers.1.self_attn.q_proj.weight");
            expected.forEach((of, want) -> {
                double off = actual.get(of).sub(want).amaxNumber().doubleValue();
                assertThat(off).as(of).isLessThan(2e-5 * want.amaxNumber().doubleValue());
            });
        }
    }

    /** A loss over two sequences and its gradients in everything that is not narrow in {@code like}. */
    private static Map<String, INDArray> lossAndGradients(Checkpoint model, ParameterStore like) {
        SameDiff graph = SameDiff.create();
        SequenceGraph sequence = SequenceGraph.add(graph, model.model(), new SequenceShape(2, TIME, false));
        SDVariable targets = graph.placeHolder("targets", DataType.INT32, 2 * TIME);
        LanguageModelHead head = new LanguageModelHead(
                2 * TIME, model.config().width(), model.config().vocabularySize(), 0.9, true, 20);
        LanguageModelHead.Scores scores =
                head.score(sequence.hidden(), sequence.decoder().headWeight(), targets);
        SDVariable logProbs = Ops.tokenLogProbs(sequence.decoder().logits(sequence.hidden()), targets);
        SDVariable loss = scores.logProbs()
                .sum()
                .add(scores.entropies().sum())
                .add(logProbs.mul(logProbs).sum());
        List<SDVariable> trained = sequence.decoder().variables().values().stream()
                .filter(variable -> !like.isNarrow(variable.name()))
                .toList();
        Map<String, String> names = new LinkedHashMap<>();
        names.put("loss", loss.name());
        Gradients.of(loss, trained).forEach((name, gradient) -> names.put(name, gradient.name()));
        try (Plan plan = Plan.compile(graph, names.values())) {
            for (int i = 0; i < 2 * TIME; i++) {
                plan.input(SequenceGraph.IDS).putScalar(i, (7 * i + i * i) % 80);
                plan.input("targets").putScalar(i, (11 * i + 3) % 80);
            }
            plan.run();
            Map<String, INDArray> results = new LinkedHashMap<>();
            names.forEach(
                    (name, variable) -> results.put(name, plan.output(variable).dup()));
            return results;
        }
    }

    /** One row, few rows, and more rows than the kernel for few takes; alone and by a team. */
    @ParameterizedTest
    @MethodSource("models")
    void completionsAreThoseOfTheSameNumbersInFloat(String name, TensorType type, WeightStorage storage)
            throws IOException {
        Path rounded = rounded(name, type);
        try (Checkpoint wide = Checkpoint.load(rounded, DataType.FLOAT);
                Checkpoint narrow = Checkpoint.load(rounded, DataType.FLOAT, storage);
                Team team = new Team(2)) {
            requireNarrowMatrices(narrow.parameters(), storage.narrow());
            for (int rows : new int[] {1, 5, 12}) {
                List<CompletionRequest> requests = Stream.iterate(0, i -> i + 1)
                        .limit(rows)
                        .map(i -> new CompletionRequest(new int[] {5 + i, 20, 9 + i}, i))
                        .toList();
                SamplingConfig sampling = SamplingConfig.greedy(10, Set.of());
                try (Generator one = new Generator(wide.model(), rows);
                        Generator other = new Generator(narrow.model(), rows, team, null)) {
                    List<Completion> expected = one.generate(requests, sampling);
                    List<Completion> actual = other.generate(requests, sampling);
                    for (int i = 0; i < rows; i++) {
                        assertThat(actual.get(i).tokens())
                                .isEqualTo(expected.get(i).tokens());
                        for (int t = 0; t < 10; t++) {
                            assertThat(actual.get(i).logProbs()[t])
                                    .isCloseTo(expected.get(i).logProbs()[t], within(1e-4f));
                        }
                    }
                }
            }
        }
    }

    private Path rounded(String name, TensorType type) throws IOException {
        Path saved = folder.resolve(name);
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT)) {
            checkpoint.save(saved, type);
        }
        return saved;
    }

    private static void requireNarrowMatrices(ParameterStore parameters, DataType narrow) {
        for (String name : parameters.names()) {
            INDArray array = parameters.get(name);
            assertThat(array.dataType()).as(name).isEqualTo(array.rank() == 2 ? narrow : DataType.FLOAT);
        }
    }

    private static int[] ints(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }
}
