package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.trainer.ObjectiveBenchmark;
import org.grpo4j.training.trainer.TraceBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench objective}. */
@Command(
        name = "objective",
        description = "What the trace of GRPO-λ costs: alone, by length, and in a training step compared with GRPO.",
        sortOptions = false,
        footer = {
            "",
            "Shares compare seconds a token: the trace with its gradient on rows × length tokens and one thread, a GRPO step"
                    + " on batch × step-length. In steps of longer sequences a token takes longer and the share is smaller."
        })
final class BenchObjectiveCommand implements Callable<Integer> {

    private static final String NUMBER = "N";

    @Option(
            names = "--rows",
            paramLabel = NUMBER,
            defaultValue = "8",
            description = "Sequences of the trace (${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--length",
            paramLabel = NUMBER,
            defaultValue = "4096",
            description =
                    "Tokens of the longest trace; a half and a quarter of it are measured too (${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--decay", paramLabel = "X", defaultValue = "0.99", description = "γλ (${DEFAULT-VALUE}).")
    private double decay;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--batch",
            paramLabel = NUMBER,
            defaultValue = "8",
            description = "Completions of the training step (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--step-length",
            paramLabel = NUMBER,
            defaultValue = "64",
            description = "Tokens of a sequence of the training step (${DEFAULT-VALUE}).")
    private int stepLength;

    @Option(
            names = "--replicas",
            paramLabel = NUMBER,
            defaultValue = "0",
            description = "Plans of the training step side by side; 0 is one a core.")
    private int replicas;

    @Mixin
    private final BenchOptions options = new BenchOptions(41);

    @Override
    public Integer call() throws IOException {
        if (rows < 1) {
            throw new IllegalArgumentException("--rows must be at least 1");
        }
        if (length < 4 || length % 4 != 0) {
            throw new IllegalArgumentException(
                    "--length is " + length + " but must be a multiple of 4: a quarter of it is measured too");
        }
        ObjectNode result;
        try (Checkpoint checkpoint = model.checkpoint(stepLength)) {
            result = measure(checkpoint);
        }
        options.write(result);
        return 0;
    }

    private ObjectNode measure(Checkpoint checkpoint) {
        // GRPO against itself says how far the other ratios can be trusted.
        List<ObjectiveConfig> objectives = new ArrayList<>(List.of(ObjectiveConfig.grpo(), ObjectiveConfig.grpo()));
        for (Style style : Style.values()) {
            objectives.add(ObjectiveConfig.grpoLambda(style).with(Map.of("lambda", decay)));
        }
        ObjectNode result = BenchResult.of(checkpoint)
                .put("rows", rows)
                .put("length", length)
                .put("decay", decay)
                .put("batch", batch)
                .put("step_length", stepLength)
                .put("repeats", options.repeats());
        try (ObjectiveBenchmark benchmark =
                new ObjectiveBenchmark(checkpoint.model(), objectives, batch, stepLength, replicas)) {
            ObjectiveBenchmark.Result steps = benchmark.run(options.repeats());
            result.put("replicas", benchmark.replicas())
                    .put("grpo_step_seconds", steps.seconds())
                    .put("grpo_again_ratio", steps.ratios().get(1));
            double secondsOfToken = steps.seconds() / ((double) batch * stepLength);
            for (int i = 2; i < objectives.size(); i++) {
                EligibilityTrace trace = objectives.get(i).eligibilityTrace();
                String name = trace.style().name().toLowerCase(Locale.ROOT);
                putTrace(result, name, trace, secondsOfToken);
                result.put(name + "_step_ratio", steps.ratios().get(i));
            }
        }
        return result.put("share_basis", "seconds per token");
    }

    private void putTrace(ObjectNode result, String name, EligibilityTrace trace, double stepSecondsOfToken) {
        try (TraceBenchmark benchmark = new TraceBenchmark(trace, rows, List.of(length / 4, length / 2, length))) {
            List<Double> seconds = benchmark.seconds(options.repeats());
            double ofToken = seconds.get(2) / ((double) rows * length);
            result.put(name + "_quarter_seconds", seconds.get(0))
                    .put(name + "_half_seconds", seconds.get(1))
                    .put(name + "_seconds", seconds.get(2))
                    .put(name + "_half_growth", seconds.get(1) / seconds.get(0))
                    .put(name + "_growth", seconds.get(2) / seconds.get(1))
                    .put(name + "_share_of_step", ofToken / stepSecondsOfToken);
        }
    }
}
