package org.grpo4j.training.drill;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.cli.Main;

/**
 * A long run in this process, watched from a second thread: memory and open files must not grow with the steps.
 *
 * <p>{@code scripts/drill.sh soak} runs it over 2,000 steps; what it prints is the table of the samples.
 */
final class Soak {

    /**
     * A look at the process.
     *
     * @param step of the run
     * @param resident bytes of the process in memory
     * @param heap bytes of Java objects after a collection
     * @param files open file handles; -1 where the system does not tell
     */
    record Sample(int step, long resident, long heap, long files) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%6d %10.1f %8.1f %6d", step, resident / 1e6, heap / 1e6, files);
        }
    }

    private final Path folder;
    private final int steps;
    private final List<Sample> samples = new ArrayList<>();

    Soak(Path folder, int steps) {
        this.folder = folder;
        this.steps = steps;
    }

    /** Runs to the end and returns the samples, one every {@code every} steps. */
    List<Sample> run(int every) throws IOException, InterruptedException {
        Path config = TinyRun.trainFile(folder);
        StringWriter err = new StringWriter();
        int[] code = new int[1];
        Thread run = new Thread(() -> code[0] = Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                "train",
                "--config",
                config.toString(),
                "--quiet",
                "--set",
                "training.steps=" + steps,
                "--set",
                "checkpoint_every=" + Math.max(1, every / 2),
                "--set",
                "checkpoints.keep_last=2"));
        run.start();
        Path metrics = folder.resolve("run/metrics.jsonl");
        while (run.isAlive()) {
            Thread.sleep(5);
            int step = Files.exists(metrics) ? lines(metrics) : 0;
            if (step > 0 && step / every > (samples.isEmpty() ? 0 : samples.get(samples.size() - 1).step / every)) {
                samples.add(sample(step));
            }
        }
        if (code[0] != 0) {
            throw new AssertionError("the run ended with " + code[0] + ": " + err);
        }
        return samples;
    }

    private static int lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return (int) lines.count();
        }
    }

    private static Sample sample(int step) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Sample(step, Pointer.physicalBytes(), runtime.totalMemory() - runtime.freeMemory(), openFiles());
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : -1;
    }

    /** The long form: {@code FOLDER STEPS}. Ends with 1 if something has grown. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int steps = Integer.parseInt(arguments[1]);
        List<Sample> samples = new Soak(Path.of(arguments[0]), steps).run(steps / 20);
        System.out.println("  step resident MB  heap MB  files");
        samples.forEach(System.out::println);
        boolean flat = isFlat(samples);
        System.out.println(flat ? "flat" : "something has grown");
        System.exit(flat ? 0 : 1);
    }

    /** Whether the last quarter needs no more than the second one; the first is warm-up. A moment's peak is no growth. */
    static boolean isFlat(List<Sample> samples) {
        int quarter = samples.size() / 4;
        List<Sample> early = samples.subList(quarter, 2 * quarter);
        List<Sample> late = samples.subList(3 * quarter, samples.size());
        return median(late, Sample::resident) <= 1.05 * median(early, Sample::resident)
                && median(late, Sample::heap) <= 1.1 * median(early, Sample::heap)
                && median(late, Sample::files) <= median(early, Sample::files) + 1;
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> of) {
        return samples.stream()
                .mapToLong(of)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
