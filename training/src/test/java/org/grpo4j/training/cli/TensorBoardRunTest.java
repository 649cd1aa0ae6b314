package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.tensorboard.EventFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.Summary.Value;

class TensorBoardRunTest {

    @TempDir
    Path folder;

    @Test
    void aRunThatWasResumedShowsEveryStepOnceWithTheNumbersOfItsMetrics() throws IOException {
        Path config = TinyRun.trainFile(folder);
        String evaluation = "evaluation={data: {path: " + folder.resolve("problems.jsonl") + ", limit: 5}}";
        train(config, evaluation, "objective.beta=0.1", "training.steps=3", "checkpoint_every=2");
        Path run = folder.resolve("run");
        Path board = run.resolve("tensorboard");
        resume(config, run.resolve("checkpoint-2"), evaluation, "objective.beta=0.1");

        assertThat(EventFiles.in(board)).hasSize(2);
        List<Event> shown = EventFiles.shown(board);
        List<StepMetrics> metrics = MetricsReader.read(run.resolve("metrics.jsonl"));
        assertThat(metrics).extracting(StepMetrics::step).containsExactly(0, 1, 2, 3, 4);
        for (StepMetrics step : metrics) {
            List<Event> ofStep = shown.stream()
                    .filter(event -> event.getStep() == step.step())
                    .toList();
            step.value(Metric.REWARD_MEAN)
                    .ifPresent(reward -> assertThat(EventFiles.values(ofStep, "reward/mean"))
                            .extracting(Value::getSimpleValue)
                            .containsExactly((float) reward));
            step.value(Metric.HELDOUT_ACCURACY)
                    .ifPresent(accuracy -> assertThat(EventFiles.values(ofStep, "evaluation/heldout_accuracy"))
                            .extracting(Value::getSimpleValue)
                            .containsExactly((float) accuracy));
        }
        assertThat(EventFiles.values(shown, "evaluation/heldout_accuracy")).hasSizeGreaterThanOrEqualTo(2);

        List<Value> lengths = EventFiles.values(shown, "length/tokens");
        assertThat(lengths).hasSize(4);
        HistogramProto last = lengths.get(3).getHisto();
        assertThat(last.getNum()).isEqualTo(16);
        assertThat(last.getSum() / 16)
                .isEqualTo(metrics.get(4).value(Metric.LENGTH_MEAN).orElseThrow());
        assertThat(EventFiles.values(shown, "advantage/values"))
                .hasSize(4)
                .allSatisfy(value -> assertThat(value.getHisto().getNum()).isEqualTo(16));
        assertThat(EventFiles.values(shown, "sample/4"))
                .hasSize(4)
                .allSatisfy(
                        value -> assertThat(value.getTensor().getStringVal(0).toStringUtf8())
                                .startsWith("reward **")
                                .containsPattern("(?m)^    \\d\\+\\d=$"));
        // The sections that TensorBoard will show.
        assertThat(new TreeSet<>(shown.stream()
                        .flatMap(event -> event.getSummary().getValueList().stream())
                        .map(value -> value.getTag().substring(0, value.getTag().indexOf('/')))
                        .toList()))
                .containsExactly(
                        "advantage",
                        "evaluation",
                        "length",
                        "loss",
                        "optimiser",
                        "ratio",
                        "reward",
                        "sample",
                        "sampling",
                        "time");
    }

    @Test
    void aSupervisedRunHasItsCurvesAndARunThatWantsNoneHasNoFiles() throws IOException {
        Cli sft = Cli.run("sft", "--config", TinyRun.sftFile(folder), "--quiet", "--set", "training.steps=2");
        assertThat(sft.exitCode()).as(sft.err()).isZero();
        List<Event> shown = EventFiles.shown(folder.resolve("run/tensorboard"));
        assertThat(EventFiles.values(shown, "loss/loss")).hasSize(2);
        assertThat(EventFiles.values(shown, "time/gradients")).hasSize(2);

        Path without = folder.resolve("without");
        Cli silent = Cli.run(
                "sft",
                "--config",
                TinyRun.sftFile(folder),
                "--quiet",
                "--set",
                "training.steps=1",
                "--set",
                "tensorboard=false",
                "--set",
                "output=" + without);
        assertThat(silent.exitCode()).as(silent.err()).isZero();
        assertThat(without.resolve("tensorboard")).doesNotExist();
        assertThat(Files.readString(without.resolve("config.yaml"))).contains("tensorboard: false");
    }

    private static void train(Path config, String... overrides) {
        run(List.of("train", "--config", config), overrides);
    }

    private static void resume(Path config, Path checkpoint, String... overrides) {
        run(List.of("train", "--config", config, "--resume", checkpoint), overrides);
    }

    private static void run(List<Object> command, String... overrides) {
        List<Object> args = new ArrayList<>(command);
        args.add("--quiet");
        for (String override : overrides) {
            args.addAll(List.of("--set", override));
        }
        Cli run = Cli.run(args.toArray());
        assertThat(run.exitCode()).as(run.err()).isZero();
    }
}
