package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grpo4j.framework.device.SgemmRate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench sgemm}: the yardstick of the other benchmarks. */
@Command(name = "sgemm", description = "Rate of bare single-precision matrix products on all cores.")
final class BenchSgemmCommand implements Callable<Integer> {

    @Option(names = "--size", defaultValue = "" + SgemmRate.SIZE, description = "Rows and columns (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--threads", description = "Products side by side (one a core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private final BenchOptions options = new BenchOptions(10);

    @Override
    public Integer call() throws IOException {
        if (size < 1 || threads < 1) {
            throw new IllegalArgumentException("--size and --threads must be at least 1");
        }
        double gflops = SgemmRate.measure(size, threads, options.repeats());
        ObjectNode line = new ObjectMapper()
                .createObjectNode()
                .put("size", size)
                .put("threads", threads)
                .put("repeats", options.repeats())
                .put("sgemm_gflops", gflops);
        String text = String.format(
                Locale.ROOT, "%.1f GFLOP/s (%d threads, %d³, median of %d)", gflops, threads, size, options.repeats());
        options.write(line, () -> text);
        return 0;
    }
}
