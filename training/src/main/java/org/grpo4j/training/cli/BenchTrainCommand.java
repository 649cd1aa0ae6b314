package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.training.trainer.TrainingBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench train}. */
@Command(
        name = "train",
        description = "Rate of the gradients of a training step: forward and backward, summed over the replicas.",
        sortOptions = false)
final class BenchTrainCommand implements Callable<Integer> {

    private static final String NUMBER = "N";

    @Mixin
    private ModelOptions model;

    @Option(names = "--batch", paramLabel = NUMBER, defaultValue = "8", description = "Sequences (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--length",
            paramLabel = NUMBER,
            defaultValue = "64",
            description = "Tokens a sequence (${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--replicas",
            paramLabel = NUMBER,
            defaultValue = "0",
            description = "Plans side by side; 0 is one a core.")
    private int replicas;

    @Option(
            names = "--activation-checkpointing",
            description = "Compute layers again for the backward pass instead of keeping their activations.")
    private boolean activationCheckpointing;

    @Mixin
    private final BenchOptions options = new BenchOptions(15);

    @Override
    public Integer call() throws IOException {
        ObjectNode result;
        try (Checkpoint checkpoint = model.checkpoint(length);
                TrainingBenchmark benchmark =
                        new TrainingBenchmark(checkpoint.model(), batch, length, replicas, activationCheckpointing)) {
            result = measure(checkpoint, benchmark);
        }
        options.write(result);
        return 0;
    }

    /** The yardstick is taken before and after, because the clock of a busy machine changes under way. */
    private ObjectNode measure(Checkpoint checkpoint, TrainingBenchmark benchmark) {
        double before = BenchResult.sgemm();
        double seconds = benchmark.seconds(options.repeats());
        double resident = Pointer.physicalBytes() / 1e9;
        double sgemm = (before + BenchResult.sgemm()) / 2;
        long parameters = checkpoint.parameters().parameterCount();
        double gflops = benchmark.flops(parameters) / seconds / 1e9;
        return BenchResult.of(checkpoint)
                .put("batch", batch)
                .put("length", length)
                .put("replicas", benchmark.replicas())
                .put("activation_checkpointing", activationCheckpointing)
                .put("repeats", options.repeats())
                .put("step_seconds", seconds)
                .put("gflops", gflops)
                .put("tokens_per_second", benchmark.tokens() / seconds)
                .put("sgemm_gflops", sgemm)
                .put("sgemm_ratio", gflops / sgemm)
                .put("resident_gb", resident);
    }
}
