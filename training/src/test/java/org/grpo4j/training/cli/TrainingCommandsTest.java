package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCommandsTest {

    @TempDir
    Path folder;

    @Test
    void aSupervisedRunLeavesACheckpointThatReinforcementAndGenerationStartFrom() throws IOException {
        Path run = folder.resolve("run");
        Cli sft = Cli.run("sft", "--config", TinyRun.sftFile(folder), "--quiet");
        assertThat(sft.exitCode()).as(sft.err()).isZero();
        assertThat(sft.out()).startsWith("sft: 6 steps, loss ").contains(run.toString());
        assertThat(sft.err()).isEmpty();
        List<StepMetrics> metrics = MetricsReader.read(run.resolve("metrics.jsonl"));
        assertThat(loss(metrics, 5)).isLessThan(loss(metrics, 0));
        assertThat(run).isDirectoryContaining("glob:**/{report.html}");
        assertThat(run.resolve("trainer_state/state.json")).exists();

        Cli generate = Cli.run("generate", "--model", run, "--prompt", "1+2=", "--max-new-tokens", 5);
        assertThat(generate.exitCode()).as(generate.err()).isZero();
        assertThat(generate.out()).endsWith("\n");
        assertThat(Cli.run("generate", "--model", run, "--prompt", "1+2=", "--max-new-tokens", 5)
                        .out())
                .isEqualTo(generate.out());

        Cli train = Cli.run(
                "train",
                "--config",
                TinyRun.trainFile(folder),
                "--set",
                "model={path: " + run + "}",
                "--set",
                "output=" + folder.resolve("rl"),
                "--quiet");
        assertThat(train.exitCode()).as(train.err()).isZero();
        assertThat(train.out()).startsWith("train: 4 steps, reward ");
        assertThat(weights(folder.resolve("rl"))).isNotEqualTo(weights(run));
        assertThat(Files.readString(folder.resolve("rl/report.html")))
                .contains("Completions and the credit of their tokens", "\"credit\":[");
    }

    @Test
    void aResumedRunEndsWhereAnUnbrokenOneDoes() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        // With a KL term, so that the reference must be the start of the run and not the checkpoint.
        List<String> set = List.of("--set", "objective.beta=0.1", "--set", "checkpoint_every=2");
        assertThat(train(config, set, "output=" + whole).exitCode()).isZero();
        assertThat(train(config, set, "output=" + broken, "training.steps=3").exitCode())
                .isZero();
        // A version before dynamic sampling kept no place in the data; then every step has taken the same number of
        // rows. It wrote no checksums either.
        Files.writeString(broken.resolve("checkpoint-2/trainer_state/state.json"), "{\"step\":2}");
        Files.delete(broken.resolve("checkpoint-2/trainer_state/checksums.json"));
        Cli resumed = Cli.run(
                "train",
                "--config",
                config,
                "--quiet",
                "--set",
                "objective.beta=0.1",
                "--set",
                "output=" + broken,
                "--resume",
                broken.resolve("checkpoint-2"));
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(MetricsReader.read(broken.resolve("metrics.jsonl")))
                .extracting(StepMetrics::step)
                .containsExactly(1, 2, 3, 4);
        assertThat(weights(broken)).isEqualTo(weights(whole));

        Cli again = Cli.run("train", "--config", config, "--set", "output=" + broken, "--resume", broken);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("has done 4 steps", "raise training.steps");
    }

    @Test
    void heldOutProblemsAreEvaluatedBeforeAndAfter() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Cli run = train(
                config,
                List.of(),
                "evaluation={data: {path: " + folder.resolve("problems.jsonl") + ", limit: 5}, samples: 2}",
                "training.steps=2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("held-out accuracy");
        assertThat(MetricsReader.read(folder.resolve("run/metrics.jsonl")))
                .extracting(step ->
                        step.step() + " " + step.value(Metric.HELDOUT_ACCURACY).isPresent())
                .containsExactly("0 true", "1 false", "2 true");
    }

    @Test
    void aRunSaysWhatItIs() throws IOException {
        Cli run = Cli.run("train", "--config", TinyRun.trainFile(folder), "--set", "training.steps=1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains(
                        "policy     llama, ",
                        "trains     everything",
                        "advantage  group-std",
                        "trace      e-trace (both, γ 1.0, λ 0.99), normalisation none",
                        "surrogate  clip 0.2/0.2, one ratio a token, sequence-mean",
                        "reference  none (β 0)",
                        "4 prompts × 4 completions",
                        "learns of  all groups; truncated completions like all others",
                        "evaluation none",
                        "seed 7");
    }

    /** How many rows a step takes depends on the rewards, so the place in the data is part of the checkpoint. */
    @Test
    void aRunWithDynamicSamplingResumesBitForBit() throws IOException {
        Path config = TinyRun.trainFile(folder);
        // A few groups of two agree about a digit, others do not.
        List<String> set = List.of(
                "--set",
                "rewards=[{name: format, pattern: '[23]'}]",
                "--set",
                "rollout={group_size: 2, prompts_per_step: 4, max_new_tokens: 8, dynamic_sampling: {max_attempts: 3}}",
                "--set",
                "checkpoint_every=2");
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        assertThat(train(config, set, "output=" + whole).exitCode()).isZero();
        assertThat(train(config, set, "output=" + broken, "training.steps=3").exitCode())
                .isZero();
        List<String> resume = new ArrayList<>(set);
        resume.addAll(List.of("--resume", broken.resolve("checkpoint-2").toString()));
        Cli resumed = train(config, resume, "output=" + broken);
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(weights(broken)).isEqualTo(weights(whole));
        List<StepMetrics> metrics = MetricsReader.read(whole.resolve("metrics.jsonl"));
        assertThat(MetricsReader.read(broken.resolve("metrics.jsonl")))
                .extracting(step -> step.value(Metric.REWARD_MEAN))
                .isEqualTo(metrics.stream()
                        .map(step -> step.value(Metric.REWARD_MEAN))
                        .toList());
        // Without groups that were dropped before the checkpoint this would show nothing.
        assertThat(metrics.get(0).value(Metric.DROPPED_GROUPS).orElseThrow()
                        + metrics.get(1).value(Metric.DROPPED_GROUPS).orElseThrow())
                .isPositive();
    }

    /** A checkpoint is of a run whether or not its folder is reached through a link, and of no other folder. */
    @Test
    void aCheckpointBelongsToTheFolderItLiesIn() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Path run = folder.resolve("run");
        assertThat(train(config, List.of("--set", "checkpoint_every=1"), "training.steps=2")
                        .exitCode())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link"), run);
        Cli linked =
                train(config, List.of("--resume", link.resolve("checkpoint-1").toString()), "training.steps=2");
        assertThat(linked.exitCode()).as(linked.err()).isZero();
        Path above = Files.createDirectories(folder.resolve("above"));
        Files.move(run, above.resolve("run"));
        Files.writeString(above.resolve("config.json"), "{}");
        Cli other = train(
                config,
                List.of("--resume", above.resolve("run/checkpoint-1").toString()),
                "training.steps=2",
                "output=" + above);
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("holds a model");
    }

    /** An override of the first start that is forgotten later changes the run without a word otherwise. */
    @Test
    void aRunThatGoesOnWithOtherSettingsSaysWhich() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Path run = folder.resolve("run");
        assertThat(train(config, List.of(), "training.steps=1", "optimiser.learning_rate=0.002")
                        .exitCode())
                .isZero();
        String warning = "warning: the checkpoint was written with other settings";
        Cli other = Cli.run("train", "--config", config, "--resume", run, "--set", "training.steps=2");
        assertThat(other.err())
                .contains(warning, "optimiser.learning_rate was 0.002 and is 0.001")
                .doesNotContain("training.steps was");
        Cli same = Cli.run("train", "--config", config, "--resume", run, "--set", "training.steps=3");
        assertThat(same.exitCode()).as(same.err()).isZero();
        assertThat(same.err()).doesNotContain(warning);
    }

    /** Killed between its last weights and its report: nothing is left to learn, but something to tidy up. */
    @Test
    void aRunThatWasKilledAtItsVeryEndIsTidiedUp() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Path run = folder.resolve("run");
        assertThat(train(config, List.of(), "training.steps=1").exitCode()).isZero();
        byte[] weights = weights(run);
        Files.delete(run.resolve("report.html"));
        Files.createDirectories(run.resolve("checkpoint-1"));
        List<String> resume = List.of("--resume", run.toString());
        Cli tidied = train(config, resume, "training.steps=1");
        assertThat(tidied.exitCode()).as(tidied.err()).isZero();
        assertThat(run.resolve("report.html")).isRegularFile();
        assertThat(run.resolve("checkpoint-1")).doesNotExist();
        assertThat(weights(run)).isEqualTo(weights);
        assertThat(MetricsReader.read(run.resolve("metrics.jsonl"))).hasSize(1);
        assertThat(train(config, resume, "training.steps=1").err()).contains("raise training.steps");
    }

    /** What is lost is a page that can be made again; the run has done what it was asked. */
    @Test
    void aRunWhoseReportCannotBeWrittenEndsWellAndSaysSo() throws IOException {
        Path config = TinyRun.trainFile(folder);
        Path report = folder.resolve("run/report.html");
        Files.createDirectories(report);
        Cli run = train(config, List.of(), "training.steps=1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("train: 1 steps", "checkpoint " + folder.resolve("run"));
        assertThat(run.err().lines()).singleElement().asString().contains("./grpo4j report " + folder.resolve("run"));
    }

    @Test
    void aRunExplainsItselfOnTheScreenInAFileAndInTheReport() throws IOException {
        Path config = TinyRun.trainFile(folder);
        List<String> flat = List.of("--set", "rewards=[{name: format, pattern: nothing}]");
        assertThat(train(config, flat, "checkpoint_every=1", "training.steps=2").exitCode())
                .isZero();
        Path file = folder.resolve("run/diagnoses.jsonl");
        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("\"no_spread\"", "\"step\":1");
        assertThat(Files.readString(folder.resolve("run/report.html")))
                .contains("What the run says about itself", "too hard");
        List<String> told = Files.readAllLines(file);
        List<String> resume = List.of("--resume", folder.resolve("run").toString(), flat.get(0), flat.get(1));
        assertThat(train(config, resume, "training.steps=3").exitCode()).isZero();
        assertThat(Files.readAllLines(file)).isEqualTo(told);
    }

    @Test
    void aRunKeepsItsCompletionsAndAResumedOneGoesOnWithThem() throws IOException {
        Path config = TinyRun.trainFile(folder);
        List<String> set = List.of("--set", "checkpoint_every=2", "--set", "training.optimiser_steps_per_batch=1");
        assertThat(train(config, set, "training.steps=3").exitCode()).isZero();
        Path run = folder.resolve("run");
        assertThat(RolloutFiles.of(run).steps()).containsExactly(1, 2, 3);
        String third = Files.readString(run.resolve("rollouts/step-3.json"));
        Files.writeString(run.resolve("rollouts/step-3.json"), "{}");
        List<String> resume = new ArrayList<>(set);
        resume.addAll(List.of("--resume", run.resolve("checkpoint-2").toString()));
        Cli resumed = train(config, resume);
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(RolloutFiles.of(run).steps()).containsExactly(1, 2, 3, 4);
        assertThat(Files.readString(run.resolve("rollouts/step-3.json"))).isEqualTo(third);
        JsonNode completion = new ObjectMapper()
                .readTree(third)
                .path("groups")
                .get(0)
                .path("completions")
                .get(0);
        assertThat(completion.path("credit")).hasSameSizeAs(completion.path("pieces"));
        assertThat(completion.path("rewards").properties()).hasSize(2);
    }

    @Test
    void aRunServesItsPage() throws IOException {
        Cli run = Cli.run(
                "train",
                "--config",
                TinyRun.trainFile(folder),
                "--set",
                "training.steps=1",
                "--quiet",
                "--dashboard",
                "localhost:0");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("^dashboard {2}http://localhost:[1-9]\\d*/\\R$");
        Cli bad = Cli.run("train", "--config", TinyRun.trainFile(folder), "--dashboard", "no port");
        assertThat(bad.exitCode()).isEqualTo(2);
        assertThat(bad.err()).contains("'--dashboard'", "'no port' is neither a port");
    }

    @Test
    void runsAreLaidOverEachOther() throws IOException {
        Path config = TinyRun.trainFile(folder);
        List<String> runs = List.of("lambda-s1", "lambda-s2", "grpo");
        for (String name : runs) {
            Cli run = train(
                    config,
                    List.of(),
                    "output=" + folder.resolve(name),
                    "training.steps=2",
                    "training.seed=" + (name.endsWith("2") ? 2 : 1),
                    "objective.trace=" + (name.equals("grpo") ? "none" : "e-trace"));
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        Path page = folder.resolve("pages/all.html");
        Cli report = Cli.run(
                "report",
                folder.resolve(runs.get(0)),
                folder.resolve(runs.get(1)),
                folder.resolve("grpo"),
                "--output",
                page);
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(Files.readString(page))
                .contains("lambda (2 seeds)", "Settings that differ", "<a href=\"./../grpo/report.html\">grpo</a>");

        Path alone = folder.resolve("alone.html");
        assertThat(Cli.run("report", folder.resolve("grpo"), "--output", alone).exitCode())
                .isZero();
        assertThat(Files.readString(alone)).contains("\"credit\":[");
        Path own = folder.resolve("grpo/report.html");
        Files.delete(own);
        assertThat(Cli.run("report", folder.resolve("grpo")).out()).isEqualToIgnoringNewLines("report: " + own);
        assertThat(own).hasSameTextualContentAs(alone);

        Cli nothing = Cli.run("report", folder.resolve("nothing"), "--output", page);
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err().lines()).hasSize(1);
        assertThat(Cli.run("report").exitCode()).isEqualTo(2);
    }

    @Test
    void theRealDataConfigurationTrains() throws IOException {
        Path shared = Path.of(System.getProperty("grpo4j.shared", "../../shared"));
        assumeTrue(
                Files.isDirectory(shared.resolve("fixtures/stories260K")),
                () -> "skipped: there is no " + shared + "; point -Dgrpo4j.shared at the shared fixtures");
        Path model = shared.resolve("fixtures/stories260K");
        Cli run = train(
                Path.of("../configs/stories260k-asdiv.yaml"),
                List.of(),
                "output=" + folder.resolve("run"),
                "model.path=" + model,
                "data.path=" + shared.resolve("data/train/asdiv_2k"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(weights(folder.resolve("run"))).isNotEqualTo(weights(model));
        assertThat(MetricsReader.read(folder.resolve("run/metrics.jsonl")))
                .hasSize(5)
                .allSatisfy(step -> assertThat(step.value(Metric.LOG_PROB_GAP).orElseThrow())
                        .isLessThan(1e-4));
        Cli generate = Cli.run(
                "generate", "--model", folder.resolve("run"), "--prompt", "Once upon a time", "--max-new-tokens", 10);
        assertThat(generate.exitCode()).as(generate.err()).isZero();
        assertThat(generate.out()).hasSizeGreaterThan(10);
    }

    private static Cli train(Path config, List<String> more, String... overrides) {
        List<Object> args = new java.util.ArrayList<>(List.of("train", "--config", config, "--quiet"));
        args.addAll(more);
        for (String override : overrides) {
            args.addAll(List.of("--set", override));
        }
        return Cli.run(args.toArray());
    }

    private static double loss(List<StepMetrics> metrics, int index) {
        return metrics.get(index).value(Metric.LOSS).orElseThrow();
    }

    private static byte[] weights(Path checkpoint) throws IOException {
        return Files.readAllBytes(checkpoint.resolve("model.safetensors"));
    }
}
