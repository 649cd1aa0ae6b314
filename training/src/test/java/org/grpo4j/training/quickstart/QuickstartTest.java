package org.grpo4j.training.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.TableText;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small quickstart from end to end, looked at from several sides. */
class QuickstartTest {
    private static final QuickstartConfig.Overrides SMALL = new QuickstartConfig.Overrides(
            List.of(
                    "model.init.layers=1",
                    "model.init.width=16",
                    "model.init.heads=2",
                    "model.init.kv_heads=2",
                    "model.init.feed_forward=24",
                    "optimiser.warmup_steps=1",
                    "training.steps=3",
                    "training.batch_size=8"),
            List.of(
                    "training.steps=2",
                    "rollout.prompts_per_step=2",
                    "rollout.group_size=3",
                    "rollout.max_new_tokens=8",
                    "evaluation.data.limit=4",
                    "eval_every=1"),
            List.of("data.limit=6"));

    @TempDir
    private static Path temporary;

    private static QuickstartConfig config;
    private static QuickstartResult result;
    private static String shown;

    @BeforeAll
    static void run() throws IOException {
        // A quotation mark and a colon, because the paths pass through YAML.
        config = QuickstartConfig.of(temporary.resolve("it's: a run"), 5, SMALL);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        result = new Quickstart(config, Progress.Style.LINES, new PrintStream(err, true, StandardCharsets.UTF_8)).run();
        shown = err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void demonstrationsAreNoisyAndEverythingElseIsRight() {
        ProblemSet demonstrations = split("demonstrations");
        assertThat(demonstrations).hasSize(24);
        assertThat(demonstrations)
                .anyMatch(problem -> !Verifier.verify(problem.answer(), String.valueOf(problem.solution()))
                        .correct());
        assertThat(split("train"))
                .hasSize(4)
                .allMatch(problem -> Verifier.verify(problem.answer(), String.valueOf(problem.solution()))
                        .correct());
        assertThat(split("held_out")).hasSize(6);
    }

    @Test
    void splitsShareNoProblem() {
        Set<String> all = new TreeSet<>();
        List<String> counted = new ArrayList<>();
        for (String split : List.of("demonstrations", "train", "held_out")) {
            split(split).stream().map(Problem::problem).forEach(counted::add);
        }
        all.addAll(counted);
        assertThat(all).hasSameSizeAs(counted);
    }

    private static ProblemSet split(String name) {
        return ProblemSet.load(config.folder().resolve("data"), name, ProblemColumns.BY_NAME);
    }

    @Test
    void everyRunHasMetricsOfEveryStep() throws IOException {
        assertThat(steps("sft")).containsExactly(1, 2, 3);
        assertThat(steps("grpo")).containsExactly(0, 1, 2);
        assertThat(steps("grpo-lambda")).containsExactly(0, 1, 2);
    }

    private static List<Integer> steps(String run) throws IOException {
        return MetricsReader.read(config.folder().resolve(run).resolve("metrics.jsonl")).stream()
                .map(StepMetrics::step)
                .toList();
    }

    @Test
    void bothRunsStartFromTheSameCheckpoint() throws IOException {
        List<StepMetrics> grpo = result.trained().get(0).metrics();
        List<StepMetrics> lambda = result.trained().get(1).metrics();
        assertThat(grpo.get(0).values()).isEqualTo(lambda.get(0).values());
        assertThat(grpo.get(1).values().get("reward_mean"))
                .isEqualTo(lambda.get(1).values().get("reward_mean"));
    }

    @Test
    void checkpointsLoadAndCarryTheirConfiguration() {
        for (String run : List.of("sft", "grpo", "grpo-lambda")) {
            Policy.load(config.folder().resolve(run)).close();
        }
        Path yaml = config.folder().resolve("grpo-lambda").resolve("config.yaml");
        assertThat(ConfigLoader.load(yaml, TrainConfig.class, List.of())).isEqualTo(config.grpoLambda());
    }

    @Test
    void theReportComparesBothRuns() throws IOException {
        assertThat(Files.readString(config.folder().resolve("report.html")))
                .contains(
                        "GRPO-λ",
                        "Results",
                        "\"Mean reward\"",
                        "Settings that differ",
                        "objective.trace",
                        "\"credit\":[");
    }

    @Test
    void theTableHasALineForEachPolicy() {
        List<String> lines = TableText.of(result.table()).lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2)).startsWith("SFT start");
        assertThat(lines.get(3)).startsWith("GRPO ");
        assertThat(lines.get(4)).startsWith("GRPO-λ");
    }

    @Test
    void progressNamesEveryRun() {
        assertThat(shown.lines().map(line -> line.split(" \\d")[0]).collect(Collectors.toSet()))
                .contains("SFT start", "GRPO", "GRPO-λ");
    }
}
