package org.grpo4j.models.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.decoder.SequenceScorer;
import org.grpo4j.models.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class GeneratorTest {
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void greedyIdsMatch(String name) {
        Path folder = Fixtures.checkpoint(name);
        JsonNode expected = Fixtures.json(folder.resolve("expected.json"));
        double bound = 2e-4 * expected.get("logit_spread").asDouble();
        try (Checkpoint checkpoint = Checkpoint.load(folder, DataType.FLOAT)) {
            checkGreedy(checkpoint, expected.get("greedy"), 16, bound);
        }
    }

    @Test
    void aTrainedModelTellsItsStories() {
        Path folder = Fixtures.shared("fixtures/stories260K");
        JsonNode expected = Fixtures.json(folder.resolve("expected.json"));
        double bound = 2e-4 * expected.get("logit_spread").asDouble();
        try (Checkpoint checkpoint = Checkpoint.load(folder, DataType.FLOAT)) {
            for (JsonNode story : expected.get("greedy")) {
                checkGreedy(checkpoint, story, 64, bound);
            }
        }
    }

    private static void checkGreedy(Checkpoint checkpoint, JsonNode greedy, int length, double bound) {
        try (Generator generator = new Generator(checkpoint.model(), 4)) {
            CompletionRequest request = new CompletionRequest(ints(greedy.get("prompt_ids")), 0);
            Completion completion = generator
                    .generate(List.of(request), SamplingConfig.greedy(length, Set.of()))
                    .get(0);
            assertThat(completion.tokens()).isEqualTo(ints(greedy.get("continuation")));
            assertThat(completion.finished()).isFalse();
            for (int t = 0; t < length; t++) {
                assertThat((double) completion.logProbs()[t])
                        .isCloseTo(greedy.get("log_probs").get(t).asDouble(), within(bound));
            }
        }
    }

    /** What the objective relies on: the sampler and the training forward see the same policy. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny"})
    void recordedLogProbsEqualThoseOfTheWholeSequence(String name) {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT);
                Generator generator = new Generator(checkpoint.model(), 10);
                SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
            List<CompletionRequest> requests = requests(checkpoint.config().vocabularySize(), 64);
            SamplingConfig sampling = SamplingConfig.onPolicy(40, Set.of(3, 5));
            List<Completion> completions = generator.generate(requests, sampling);
            assertThat(completions.stream()
                            .map(c -> c.tokens().length)
                            .distinct()
                            .count())
                    .isGreaterThan(5);
            for (int i = 0; i < requests.size(); i++) {
                int[] prompt = requests.get(i).prompt();
                Completion completion = completions.get(i);
                int[] whole = IntStream.concat(IntStream.of(prompt), IntStream.of(completion.tokens()))
                        .toArray();
                double[] logProbs =
                        scorer.score(whole, SequenceScorer.Logits.NONE).logProbs();
                for (int t = 0; t < completion.tokens().length; t++) {
                    assertThat((double) completion.logProbs()[t]).isCloseTo(logProbs[prompt.length + t], within(1e-4));
                }
            }
        }
    }

    /** Ten rows for 64 requests: rows are refilled, and that must not show. */
    @Test
    void aCompletionDependsOnItsOwnSeedOnly() {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint("qwen3-tiny"), DataType.FLOAT);
                Generator few = new Generator(checkpoint.model(), 10);
                Generator one = new Generator(checkpoint.model(), 1)) {
            List<CompletionRequest> requests = requests(checkpoint.config().vocabularySize(), 24);
            SamplingConfig sampling = new SamplingConfig(0.7, 20, 0.9, 12, Set.of(3));
            List<Completion> together = few.generate(requests, sampling);
            List<Completion> again = few.generate(requests, sampling);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(again.get(i).tokens()).isEqualTo(together.get(i).tokens());
                assertThat(again.get(i).logProbs()).isEqualTo(together.get(i).logProbs());
                int[] alone =
                        one.generate(List.of(requests.get(i)), sampling).get(0).tokens();
                assertThat(together.get(i).tokens()).isEqualTo(alone);
            }
        }
    }

    /**
     * A team decodes ten rows that are refilled, stop at different times and at last move together into smaller plans,
     * and one thread decodes one row at a time: the same completions.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void aTeamCompletesAsOneRowDoes(double temperature) {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.FLOAT);
                Team team = new Team(3);
                Generator many = new Generator(checkpoint.model(), 10, team, null);
                Generator one = new Generator(checkpoint.model(), 1)) {
            List<CompletionRequest> requests = requests(checkpoint.config().vocabularySize(), 33);
            SamplingConfig sampling = new SamplingConfig(temperature, 0, 1, 60, Set.of(3, 5, 9));
            List<Completion> together = many.generate(requests, sampling);
            assertThat(together.stream().map(c -> c.tokens().length).distinct().count())
                    .isGreaterThan(2);
            for (int i = 0; i < requests.size(); i++) {
                Completion alone =
                        one.generate(List.of(requests.get(i)), sampling).get(0);
                assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
                assertThat(together.get(i).finished()).isEqualTo(alone.finished());
                for (int t = 0; t < alone.tokens().length; t++) {
                    assertThat((double) together.get(i).logProbs()[t]).isCloseTo(alone.logProbs()[t], within(1e-4));
                }
            }
        }
    }

    @Test
    void aFailureInTheTeamSurfaces() {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.FLOAT)) {
            Team team = new Team(2);
            try (Generator generator = new Generator(checkpoint.model(), 4, team, null)) {
                team.close();
                List<CompletionRequest> requests = requests(checkpoint.config().vocabularySize(), 4);
                assertThatThrownBy(() -> generator.generate(requests, SamplingConfig.onPolicy(4, Set.of())))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed");
            }
        }
    }

    @Test
    void badPromptsAreRefused() {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint("qwen2-tiny"), DataType.FLOAT);
                Generator generator = new Generator(checkpoint.model(), 2)) {
            SamplingConfig sampling = SamplingConfig.greedy(4, Set.of());
            assertThatThrownBy(() -> generator.generate(List.of(new CompletionRequest(new int[] {1, 97}, 0)), sampling))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("token id 97")
                    .hasMessageContaining("vocabulary of 97");
            assertThatThrownBy(() -> generator.generate(List.of(new CompletionRequest(new int[512], 0)), sampling))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("512");
        }
    }

    /** Prompts of different lengths, every one asked for three times in a row. */
    private static List<CompletionRequest> requests(int vocabulary, int count) {
        Random random = new Random(11);
        List<CompletionRequest> requests = new ArrayList<>();
        int[] prompt = {1};
        for (int i = 0; i < count; i++) {
            if (i % 3 == 0) {
                prompt = random.ints(1 + random.nextInt(20), 0, vocabulary).toArray();
            }
            requests.add(new CompletionRequest(prompt, 1000 + i));
        }
        return requests;
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }
}
