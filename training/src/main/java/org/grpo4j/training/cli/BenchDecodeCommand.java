package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.device.CopyBandwidth;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.training.trainer.DecodingBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench decode}. */
@Command(
        name = "decode",
        description = "Rate of sampling a group of completions of one prompt.",
        sortOptions = false,
        footer = {
            "",
            "The bound is the rate of a machine that reads every weight once a step as fast as it copies memory, and"
                    + " computes the products as fast as large ones, both at the same time."
        })
final class BenchDecodeCommand implements Callable<Integer> {

    private static final int COPY_REPEATS = 5;
    private static final String NUMBER = "N";

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--rows",
            paramLabel = NUMBER,
            defaultValue = "64",
            description = "Completions sampled together (${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--new-tokens",
            paramLabel = NUMBER,
            defaultValue = "128",
            description = "Tokens of a completion (${DEFAULT-VALUE}).")
    private int newTokens;

    @Option(
            names = "--prompt-length",
            paramLabel = NUMBER,
            defaultValue = "16",
            description = "Tokens of the prompt (${DEFAULT-VALUE}).")
    private int promptLength;

    @Option(
            names = "--threads",
            paramLabel = NUMBER,
            defaultValue = "0",
            description = "Threads that share the work; 0 is one a core.")
    private int threads;

    @Option(
            names = "--pack-weights",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Decode from copies of the weights in a faster layout (on; --no-pack-weights is off).")
    private boolean packWeights;

    @Mixin
    private final BenchOptions options = new BenchOptions(5);

    @Override
    public Integer call() throws IOException {
        ObjectNode result;
        try (Checkpoint checkpoint = model.checkpoint(promptLength + newTokens);
                DecodingBenchmark benchmark = new DecodingBenchmark(
                        checkpoint.model(), rows, newTokens, promptLength, threads, packWeights)) {
            result = measure(checkpoint, benchmark);
        }
        options.write(result);
        return 0;
    }

    /** The yardsticks are taken before and after, because the clock of a busy machine changes under way. */
    private ObjectNode measure(Checkpoint checkpoint, DecodingBenchmark benchmark) {
        double sgemmBefore = BenchResult.sgemm();
        double copyBefore = copy();
        double seconds = benchmark.seconds(options.repeats());
        double resident = Pointer.physicalBytes() / 1e9;
        double copy = (copyBefore + copy()) / 2;
        double sgemm = (sgemmBefore + BenchResult.sgemm()) / 2;
        long parameters = checkpoint.parameters().parameterCount();
        double rate = benchmark.tokens() / seconds;
        double gflops = rate * benchmark.flopsPerToken(parameters) / 1e9;
        double bound = benchmark.boundTokensPerSecond(parameters, copy * 1e9, sgemm * 1e9);
        return BenchResult.of(checkpoint)
                .put("rows", rows)
                .put("new_tokens", newTokens)
                .put("prompt_length", promptLength)
                .put("threads", benchmark.threads())
                .put("pack_weights", packWeights)
                .put("repeats", options.repeats())
                .put("seconds", seconds)
                .put("tokens_per_second", rate)
                .put("gflops", gflops)
                .put("sgemm_gflops", sgemm)
                .put("sgemm_ratio", gflops / sgemm)
                .put("copy_gb_per_second", copy)
                .put("bound_tokens_per_second", bound)
                .put("bound_ratio", rate / bound)
                .put("resident_gb", resident);
    }

    private static double copy() {
        return CopyBandwidth.measure(CopyBandwidth.BLOCK, Runtime.getRuntime().availableProcessors(), COPY_REPEATS);
    }
}
