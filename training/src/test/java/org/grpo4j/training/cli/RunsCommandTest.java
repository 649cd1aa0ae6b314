package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.TextWidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsCommandTest {

    @TempDir
    Path folder;

    @Test
    void runsAreListedWithWhatDiffersAndTheirLastMetrics() throws IOException {
        run(
                "a",
                true,
                "training: {steps: 3, seed: 0}\nobjective: {trace: none, lambda: 1.0}\n",
                line(1, 0.1),
                line(3, 0.5));
        run(
                "nested/deep/b",
                false,
                "training: {steps: 3, seed: 1}\nobjective: {trace: e-trace, lambda: 1.0}\n",
                "{\"step\":0,\"heldout_accuracy\":0.25,\"seconds\":{\"evaluation\":4.0}}",
                line(1, 0.2));
        // Checkpoints keep a copy of nothing that counts as a run, but somebody's own may.
        run("a/checkpoint-2", false, "training: {steps: 3}\n", line(2, 0.3));
        Files.createDirectories(folder.resolve("no-run"));
        // Nor is it searched for where nobody would look.
        run("1/2/3/4/5/6/7", false, "training: {steps: 3}\n", line(2, 0.3));

        JsonNode json = json("runs", folder, "--json");
        assertThat(json.path("runs")).hasSize(2);
        JsonNode a = json.path("runs").get(0);
        assertThat(a.path("name").textValue()).isEqualTo("a");
        assertThat(a.path("path").textValue()).isEqualTo(folder.resolve("a").toString());
        assertThat(a.path("state").textValue()).isEqualTo("finished");
        assertThat(a.path("kind").textValue()).isEqualTo("train");
        assertThat(a.path("step").intValue()).isEqualTo(3);
        assertThat(a.path("steps").intValue()).isEqualTo(3);
        assertThat(a.path("seconds").doubleValue()).isEqualTo(5);
        assertThat(a.path("metrics").path("reward_mean").doubleValue()).isEqualTo(0.5);
        assertThat(a.path("metrics").has("kl")).isFalse();
        assertThat(a.path("settings").toString()).isEqualTo("{\"training.seed\":\"0\",\"objective.trace\":\"none\"}");
        JsonNode b = json.path("runs").get(1);
        assertThat(b.path("name").textValue()).isEqualTo("nested/deep/b");
        assertThat(b.path("state").textValue()).isEqualTo("unfinished");
        assertThat(b.path("metrics").path("heldout_accuracy").doubleValue()).isEqualTo(0.25);
        assertThat(b.path("seconds").doubleValue()).isEqualTo(6.5);
        assertThat(json.path("settings_that_differ").toString()).isEqualTo("[\"training.seed\",\"objective.trace\"]");

        Cli text = Cli.run("runs", folder);
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).isEqualTo("""
                run             kind       state  step  reward  held-out    loss  kl  length  time
                ─────────────  ─────  ──────────  ────  ──────  ────────  ──────  ──  ──────  ────
                a              train    finished   3/3   0.500         –  0.0100   –    12.0   5 s
                nested/deep/b  train  unfinished   1/3   0.200     0.250  0.0100   –    12.0   7 s

                Settings that differ
                a
                  training.seed=0  objective.trace=none
                nested/deep/b
                  training.seed=1  objective.trace=e-trace
                """);
    }

    @Test
    void aDamagedRunIsNamedWithWhatIsWrongAndTheOthersAreListed() throws IOException {
        run("cut", false, "training: {steps: 9, seed: 1}\n", line(1, 0.5), "{\"step\":2,\"rew");
        run("empty", false, "training: {steps: 9, seed: 1}\n");
        run("odd-line", false, "training: {steps: 9, seed: 1}\n", line(1, 0.5), "]", line(3, 0.5));
        run("odd-yaml", false, "training: {steps: 9\nseed: [\n", line(1, 0.5));
        run("scalar-yaml", false, "42\n", line(1, 0.5));
        run("no-yaml", false, null, line(1, 0.5));
        run("not-text", false, "training: {steps: 9, seed: 1}\n");
        Files.write(folder.resolve("not-text/metrics.jsonl"), new byte[] {(byte) 0xFF, 0, (byte) 0xFE});
        Files.createDirectories(folder.resolve("is-folder/metrics.jsonl"));

        JsonNode runs = json("runs", folder, "--json").path("runs");
        List<String> states = new ArrayList<>();
        runs.forEach(run -> states.add(
                run.path("name").textValue() + " " + run.path("state").textValue() + " " + run.path("problems")));
        assertThat(states).hasSize(7);
        assertThat(states.get(0)).isEqualTo("cut unfinished []");
        assertThat(states.get(1)).isEqualTo("empty unfinished []");
        assertThat(states.get(2)).startsWith("no-yaml damaged").contains("config.yaml is missing");
        assertThat(states.get(3)).startsWith("not-text damaged").contains("metrics.jsonl is not text in UTF-8");
        assertThat(states.get(4)).startsWith("odd-line damaged").contains("metrics.jsonl:2: not the metrics of a step");
        assertThat(states.get(5)).startsWith("odd-yaml damaged").contains("config.yaml is not YAML, from line 2 on");
        assertThat(states.get(6)).startsWith("scalar-yaml damaged").contains("config.yaml holds no settings");

        Cli text = Cli.run("runs", folder);
        assertThat(text.exitCode()).isZero();
        assertThat(text.out().lines().filter(line -> line.startsWith("odd-line")))
                .hasSize(2)
                .last()
                .asString()
                .contains("metrics.jsonl:2");
    }

    @Test
    void whatStrangersWroteStaysOnItsLineAndOutOfTheTerminal() throws IOException {
        run("a\u001b[31m", false, "training: {seed: 1}\ndata: {prompt_template: \"{problem}\\nAnswer:\\e[31m\"}\n");
        run("b\u202e", false, "training: {seed: 1}\n");
        String text = Cli.run("runs", folder).out();
        assertThat(text)
                .contains("a\\u001b[31m", "b\\u202e", "  data.prompt_template={problem}\\nAnswer:\\u001b[31m\n")
                .doesNotContain("\u001b", "\u202e");
    }

    /** Reinforcement has settings that imitation has not; that is no difference between runs. */
    @Test
    void settingsAreComparedAmongRunsThatHaveThem() throws IOException {
        run("rl-1", false, "rollout: {group_size: 8}\nevaluation: null\ntraining: {seed: 1}\n");
        run("rl-2", false, "rollout: {group_size: 8}\nevaluation: {samples: 4}\ntraining: {seed: 1}\n");
        run("sft", false, "training: {seed: 1, batch_size: 4}\noutput: there\n");
        JsonNode differ = json("runs", folder, "--json").path("settings_that_differ");
        assertThat(differ.toString()).isEqualTo("[\"evaluation.samples\"]");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 140})
    void theTableFitsTheTerminalAndSaysWhatItLeavesOut(int columns) throws IOException {
        run(
                "sweep/with/a-path-that-is-long/seed-0",
                true,
                "training: {steps: 1, seed: 0}\nmodel: {path: x}\n",
                line(1, 0.1));
        run("sweep/with/a-path-that-is-long/seed-1-思考思考", false, "training: {steps: 1, seed: 1}\nmodel: {path: y}\n");
        String text = RunsText.of(RunSearch.below(folder), columns);
        String table = text.substring(0, text.indexOf("\n\n"));
        assertThat(table.lines())
                .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(columns));
        assertThat(table)
                .contains("finished", "1/1", "seed-0")
                .doesNotContain("sweep/with" + (columns < 100 ? "" : "!"));
        assertThat(text.contains("No room for kl, loss")).isEqualTo(columns < 100);
    }

    @Test
    void whatTrainingLeavesIsARun() throws IOException {
        Cli sft = Cli.run("sft", "--config", TinyRun.sftFile(folder), "--quiet", "--set", "training.steps=2");
        assertThat(sft.exitCode()).as(sft.err()).isZero();
        Path file = folder.resolve("list.json");
        assertThat(Cli.run("runs", folder.resolve("run"), "--json", "--output", file)
                        .exitCode())
                .isZero();
        JsonNode run =
                new ObjectMapper().readTree(Files.readString(file)).path("runs").get(0);
        assertThat(run.path("name").textValue()).isEqualTo(".");
        assertThat(run.path("kind").textValue()).isEqualTo("sft");
        assertThat(run.path("state").textValue()).isEqualTo("finished");
        assertThat(run.path("seconds").doubleValue()).isPositive();
    }

    @Test
    void noRunsAndNoFolderAreSaid() {
        assertThat(Cli.run("runs", folder).out()).isEqualTo("No runs: no folder here has a metrics.jsonl.\n");
        Cli missing = Cli.run("runs", folder.resolve("missing"));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("There is no folder");
    }

    private static JsonNode json(Object... args) throws IOException {
        Cli cli = Cli.run(args);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return new ObjectMapper().readTree(cli.out());
    }

    private static String line(int step, double reward) {
        return "{\"step\":" + step + ",\"reward_mean\":" + reward
                + ",\"loss\":0.01,\"kl\":null,\"length_mean\":12.0,\"seconds\":{\"rollout\":2.0,\"update\":0.5}}";
    }

    private void run(String name, boolean complete, String config, String... metrics) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        if (config != null) {
            Files.writeString(run.resolve("config.yaml"), config);
        }
        String rollout = config != null && config.contains("objective") ? "rollout: {group_size: 8}\n" : "";
        if (!rollout.isEmpty()) {
            Files.writeString(run.resolve("config.yaml"), config + rollout);
        }
        Files.writeString(run.resolve("metrics.jsonl"), String.join("\n", metrics) + "\n", StandardCharsets.UTF_8);
        if (complete) {
            Files.createDirectories(run.resolve("trainer_state"));
            Files.writeString(run.resolve("trainer_state/state.json"), "{}");
        }
    }
}
