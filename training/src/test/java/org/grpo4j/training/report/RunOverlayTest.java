package org.grpo4j.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOverlayTest {

    @TempDir
    Path folder;

    @Test
    void runsThatDifferInTheirSeedAreOneCurve() throws IOException {
        List<SavedRun> runs = List.of(
                run("lambda-s1", "e-trace", 1, 0.2), run("grpo", "none", 1, 0.1), run("lambda-s2", "e-trace", 2, 0.4));
        List<SeriesGroup> groups = RunOverlay.groups(runs);
        assertThat(groups).extracting(SeriesGroup::name).containsExactly("lambda (2 seeds)", "grpo");
        assertThat(Settings.table(groups, true).rows())
                .as("neither the seed nor the output")
                .containsExactly(List.of("objective.trace", "e-trace", "none"));

        Report report = RunOverlay.of(runs, folder.resolve("pages/all.html"));
        assertThat(report.lead()).contains("differ in nothing but training.seed", "from the smallest to the largest");
        ReportTable last = report.tables().get(0);
        assertThat(last.rows().get(0)).containsExactly("lambda-s1", "lambda (2 seeds)", "1", "2", "0.2000");
        assertThat(report.html()).contains("\"y\":[0.2,0.3],\"lo\":[0.1,0.2],\"hi\":[0.3,0.4]");
    }

    @Test
    void aCurveIsCalledByWhatTheNamesOfItsRunsBeginWith() throws IOException {
        assertThat(nameOf("runs1", "runs2")).isEqualTo("runs (2 seeds)");
        assertThat(nameOf("ab_seed=1", "ab_seed=2")).isEqualTo("ab (2 seeds)");
        assertThat(nameOf("one", "two")).isEqualTo("one and others (2 seeds)");
        SavedRun run = run("same", "none", 1, 0.1);
        assertThat(RunOverlay.groups(List.of(run, run.named("same again"))))
                .extracting(SeriesGroup::name)
                .containsExactly("same (2 runs)");
    }

    private String nameOf(String first, String second) throws IOException {
        return RunOverlay.groups(List.of(run(first, "none", 1, 0.1), run(second, "none", 2, 0.1)))
                .get(0)
                .name();
    }

    @Test
    void namesLinkToTheRunsOwnPages() throws IOException {
        SavedRun with = run("a b#1", "none", 1, 0.1);
        SavedRun without = run("javascript:x", "e-trace", 1, 0.1);
        Files.writeString(with.folder().resolve("report.html"), "");
        Report report = RunOverlay.of(List.of(with, without), folder.resolve("pages/all.html"));
        assertThat(report.tables().get(0).links()).containsExactly(Map.entry("a b#1", "./../a%20b%231/report.html"));
        assertThat(report.html())
                .contains("<a href=\"./../a%20b%231/report.html\">a b#1</a>")
                .doesNotContain("href=\"javascript");
    }

    @Test
    void aLossNextToZeroIsNotShownAsZero() throws IOException {
        SavedRun run = run("a", "none", 1, 0.1);
        Files.writeString(run.folder().resolve("metrics.jsonl"), "{\"step\":1,\"reward_mean\":0,\"loss\":-1.25e-8}\n");
        Report report =
                RunOverlay.of(List.of(SavedRun.read(run.folder()), run("b", "none", 2, 0.1)), folder.resolve("r.html"));
        assertThat(report.tables().get(0).rows().get(0)).contains("0.0000", "-1.3e-08");
    }

    @Test
    void shorterRunsAreTold() throws IOException {
        SavedRun longer = run("x1", "none", 1, 0.1);
        SavedRun shorter = run("x2", "none", 2, 0.1);
        Files.writeString(shorter.folder().resolve("metrics.jsonl"), "{\"step\":1,\"reward_mean\":0.5}\n");
        Report report = RunOverlay.of(List.of(longer, SavedRun.read(shorter.folder())), folder.resolve("r.html"));
        assertThat(report.lead()).contains("end at steps 1 to 2; their curve ends with the first");
    }

    @Test
    void foldersOfTheSameNameAreToldApart() throws IOException {
        run("run", "none", 1, 0.1);
        Files.move(
                folder.resolve("run"),
                Files.createDirectory(folder.resolve("other")).resolve("run"));
        SavedRun one = run("run", "e-trace", 1, 0.1);
        SavedRun two = SavedRun.read(folder.resolve("other/run"));
        assertThat(RunOverlay.of(List.of(one, two), folder.resolve("r.html")).series())
                .extracting(SeriesGroup::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoRunIsRefused() throws IOException {
        assertThatThrownBy(() -> SavedRun.read(folder.resolve("nothing")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no such folder");
        assertThatThrownBy(() -> SavedRun.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds no run");
        SavedRun run = run("run", "none", 1, 0.1);
        Files.writeString(run.folder().resolve("config.yaml"), "a: [");
        assertThatThrownBy(() -> SavedRun.read(run.folder()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no YAML");
        for (String empty : List.of("", "[1]", "text")) {
            Files.writeString(run.folder().resolve("config.yaml"), empty);
            assertThatThrownBy(() -> SavedRun.read(run.folder()))
                    .as(empty)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("holds no settings");
        }
        Files.write(run.folder().resolve("config.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertThatThrownBy(() -> SavedRun.read(run.folder()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.yaml is not text in UTF-8");
        Files.writeString(run.folder().resolve("config.yaml"), "a: 1");
        Files.writeString(run.folder().resolve("metrics.jsonl"), "");
        assertThatThrownBy(() -> SavedRun.read(run.folder()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no step yet");
    }

    private SavedRun run(String name, String trace, int seed, double reward) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("config.yaml"),
                "output: '%s'\nobjective: {trace: %s}\ntraining: {seed: %d, steps: 2}\n".formatted(name, trace, seed));
        Files.writeString(
                run.resolve("metrics.jsonl"),
                String.format(
                        Locale.ROOT,
                        "{\"step\":1,\"reward_mean\":%.1f}%n{\"step\":2,\"reward_mean\":%.1f}%n",
                        reward - 0.1,
                        reward));
        return SavedRun.read(run);
    }
}
