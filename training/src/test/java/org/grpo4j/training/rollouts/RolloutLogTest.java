package org.grpo4j.training.rollouts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.training.reward.WeightedRewards.Score;
import org.grpo4j.training.trainer.ScoredRollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutLogTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path run;

    private final List<String> notes = new ArrayList<>();

    @Test
    void aStepKeepsTextCreditAndRewards() throws IOException {
        write(
                0,
                1,
                List.of(
                        SampleRollouts.rollout(0, "1+1=", "2 €\n</script>", 0.5),
                        failed(SampleRollouts.rollout(0, "1+1=", "3", 0))));
        JsonNode step = JSON.readTree(files().bytes(1).orElseThrow());
        assertThat(step.path("step").asInt()).isEqualTo(1);
        JsonNode group = step.path("groups").get(0);
        assertThat(group.path("prompt").asText()).isEqualTo("1+1=");
        assertThat(group.path("answers").get(0).asText()).isEqualTo("42");
        JsonNode completion = group.path("completions").get(0);
        StringBuilder text = new StringBuilder();
        completion.path("pieces").forEach(piece -> text.append(piece.asText()));
        assertThat(text).hasToString("2 €\n</script>");
        assertThat(completion.path("credit")).hasSameSizeAs(completion.path("pieces"));
        assertThat(completion.path("credit").get(0).asDouble()).isEqualTo(0.5);
        assertThat(completion.path("log_probs").get(3).asDouble()).isEqualTo(-0.3);
        assertThat(completion.path("reward").asDouble()).isEqualTo(1);
        assertThat(completion.path("finished").asBoolean()).isTrue();
        JsonNode unusable = group.path("completions").get(1);
        assertThat(unusable.path("reward").isNull()).isTrue();
        assertThat(unusable.path("failures").path("answer").asText()).isEqualTo("broken");
        assertThat(unusable.path("credit")).isEmpty();
    }

    @Test
    void aLongRunStaysSmall() throws IOException {
        try (RolloutLog log = open(0)) {
            for (int step = 1; step <= 300; step++) {
                log.add(step, SampleRollouts.groups(1, "text of step " + step));
            }
        }
        List<Integer> kept = files().steps();
        assertThat((RolloutFiles.MOST_STEPS + 1) * RolloutFiles.MOST_BYTES).isLessThan(33_000_000);
        assertThat(kept).contains(300).hasSizeLessThanOrEqualTo(RolloutFiles.MOST_STEPS + 1);
        assertThat(notes).isEmpty();
    }

    @Test
    void aStepIsCutToItsLimit() throws IOException {
        write(0, 1, SampleRollouts.groups(500, "many short ones"));
        JsonNode many = JSON.readTree(files().bytes(1).orElseThrow());
        assertThat(many.path("groups").size() + many.path("omitted").asInt()).isEqualTo(500);
        assertThat(many.path("omitted").asInt()).isPositive();

        // Line ends take two characters in JSON, control characters six.
        write(1, 2, SampleRollouts.groups(3, "\u0001".repeat(200_000)));
        byte[] large = files().bytes(2).orElseThrow();
        assertThat(large.length).isLessThanOrEqualTo(RolloutFiles.MOST_BYTES);
        JsonNode completion =
                JSON.readTree(large).path("groups").get(0).path("completions").get(0);
        int kept = completion.path("pieces").size();
        assertThat(completion.path("tokens").asInt()).isEqualTo(200_001);
        assertThat(completion.path("gap").path("tokens").asInt()).isEqualTo(200_001 - kept);
        assertThat(completion.path("credit")).hasSize(kept);
        assertThat(completion.path("credit").get(kept - 1).asDouble())
                .as("the end is kept, too")
                .isLessThan(0.001);
    }

    @Test
    void aResumedRunForgetsTheStepsItRepeats() throws IOException {
        for (int step = 1; step <= 5; step++) {
            write(step - 1, step, SampleRollouts.groups(1, "first try"));
        }
        Path unfinished = Files.writeString(run.resolve("rollouts/.step-6.json.0.tmp"), "{");
        write(3, 4, SampleRollouts.groups(1, "second try"));
        assertThat(files().steps()).containsExactly(1, 2, 3, 4);
        assertThat(Files.readString(run.resolve("rollouts/step-4.json"))).contains("\"s\",\"e\",\"c\"");
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void aDiskThatRefusesEndsTheLogAndNotTheRun() throws IOException {
        Files.writeString(run.resolve("rollouts"), "a file where a folder should be");
        try (RolloutLog log = open(0)) {
            log.add(1, SampleRollouts.groups(1, "text"));
            log.add(2, SampleRollouts.groups(1, "text"));
        }
        assertThat(notes).singleElement().asString().contains("not kept for the report");
    }

    @Test
    void aPageGetsTheEndsAndStepsBetweenThatFit() throws IOException {
        for (int step = 1; step <= 10; step++) {
            write(step - 1, step, SampleRollouts.groups(1, "some text"));
        }
        long size = Files.size(run.resolve("rollouts/step-3.json"));
        assertThat(steps(files().spread(100 * size))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(steps(files().spread(4 * size + size / 2)))
                .hasSize(4)
                .startsWith(1)
                .endsWith(10);
        assertThat(steps(files().spread(0))).containsExactly(10);
        Files.writeString(run.resolve("rollouts/step-5.json"), "{ damaged");
        assertThat(steps(files().spread(100 * size))).hasSize(9).doesNotContain(5);
        Files.write(run.resolve("rollouts/step-6.json"), new byte[3000]);
        Files.createDirectory(run.resolve("rollouts/step-11.json"));
        List<String> foreign = List.of("", "null", "[]", "{\"step\":7}", "{\"step\":7,\"groups\":[{}]}");
        for (String content : foreign) {
            Files.writeString(run.resolve("rollouts/step-7.json"), content);
            assertThat(steps(files().spread(100 * size))).as(content).containsExactly(1, 2, 3, 4, 8, 9, 10);
        }
        assertThat(new RolloutFiles(run.resolve("nothing")).spread(100)).isEmpty();
    }

    private static List<Integer> steps(List<JsonNode> steps) {
        return steps.stream().map(step -> step.path("step").asInt()).toList();
    }

    private static ScoredRollout failed(ScoredRollout rollout) {
        return new ScoredRollout(
                rollout.problem(),
                rollout.group(),
                rollout.prompt(),
                rollout.completion(),
                rollout.text(),
                new Score(Map.of(), Map.of("answer", "broken"), OptionalDouble.empty()),
                0,
                new float[0]);
    }

    private void write(int lastStep, int step, List<ScoredRollout> rollouts) throws IOException {
        try (RolloutLog log = open(lastStep)) {
            log.add(step, rollouts);
        }
    }

    private RolloutLog open(int lastStep) throws IOException {
        return RolloutLog.resume(run, lastStep, new ByteTokenizer(), notes::add);
    }

    private RolloutFiles files() {
        return RolloutFiles.of(run);
    }
}
