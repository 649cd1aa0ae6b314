package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presets and switches of the objective from the command line down to the weights. */
class ObjectiveSwitchesRunTest {
    private static final String EVERYTHING = "objective={preset: grpo-lambda-both, trace_normalisation: row,"
            + " lambda_schedule: {final: 0.5, steps: 2}, trace_tokens: top-entropy, trace_share: 0.5,"
            + " top_entropy: 0.7, entropy_bonus: 0.01, importance_correction: truncated,"
            + " match_gradient_norm: grpo, match_every: 2}";

    @TempDir
    Path folder;

    @Test
    void aPresetByNameTrains() throws IOException {
        for (String preset : List.of("dr-grpo", "gspo")) {
            Path output = folder.resolve(preset);
            Cli train = train(output, "objective={preset: " + preset + "}", "training.steps=1");
            assertThat(train.exitCode()).as(train.err()).isZero();
            assertThat(metrics(output).get(0).values().get("gradient_norm")).isPositive();
        }
        Cli wrong = train(folder.resolve("wrong"), "objective.preset=gsp");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("there is no preset \"gsp\"; did you mean \"gspo\"?");
    }

    /** All at once, and nothing of it is kept between steps: a resumed run gives the same bits. */
    @Test
    void allSwitchesTogetherTrainAndResume() throws IOException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        Cli unbroken = train(whole, EVERYTHING, "training.steps=3");
        assertThat(unbroken.exitCode()).as(unbroken.err()).isZero();
        List<StepMetrics> metrics = metrics(whole);
        assertThat(metrics).extracting(step -> step.values().get("lambda")).containsExactly(0.99, 0.745, 0.5);
        assertThat(metrics)
                .allSatisfy(
                        step -> assertThat(step.values().get("gradient_scale")).isPositive());

        assertThat(train(broken, EVERYTHING, "training.steps=2").exitCode()).isZero();
        List<String> resume = new ArrayList<>(List.of("--resume", broken.toString()));
        Cli resumed = train(resume, broken, EVERYTHING, "training.steps=3");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(Files.mismatch(whole.resolve("model.safetensors"), broken.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    private Cli train(Path output, String... set) throws IOException {
        return train(List.of(), output, set);
    }

    private Cli train(List<String> options, Path output, String... set) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("train", "--config", TinyRun.trainFile(folder), "--quiet"));
        arguments.addAll(List.of("--set", "output=" + output));
        for (String override : set) {
            arguments.addAll(List.of("--set", override));
        }
        arguments.addAll(options);
        return Cli.run(arguments.toArray());
    }

    private static List<StepMetrics> metrics(Path output) throws IOException {
        return MetricsReader.read(output.resolve("metrics.jsonl"));
    }
}
