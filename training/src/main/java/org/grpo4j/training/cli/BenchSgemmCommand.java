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

    @Option(
            names = "--repeats",
            defaultValue = "10",
            description = "Rounds of which the median is taken (${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        if (size < 1 || threads < 1 || repeats < 1) {
            throw new IllegalArgumentException("--size, --threads and --repeats must be at least 1");
        }
        double gflops = SgemmRate.measure(size, threads, repeats);
        ObjectNode line = new ObjectMapper()
                .createObjectNode()
                .put("size", size)
                .put("threads", threads)
                .put("repeats", repeats)
                .put("sgemm_gflops", gflops);
        String text = String.format(
                Locale.ROOT, "%.1f GFLOP/s (%d threads, %d³, median of %d)", gflops, threads, size, repeats);
        output.write(out -> out.write((json ? line.toString() : text) + "\n"));
        return 0;
    }
}
