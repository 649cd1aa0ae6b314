package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training allocates its native memory once: a long run must not grow. */
class NativeMemoryTest {

    private static final Path MAPS = Path.of("/proc/self/smaps");
    private static final int WARM_UP = 60;
    private static final int STEPS = 200;
    private static final int EVERY = 10;

    /** The Java heap lies below, because its pointers are compressed; what malloc gives out lies far above. */
    private static final long END_OF_HEAP = 64L << 30;

    @TempDir
    Path folder;

    @Test
    void twoHundredStepsDoNotGrow() throws IOException {
        assumeTrue(Files.isReadable(MAPS), () -> "skipped: " + MAPS + " is only on Linux");
        List<Long> resident = new ArrayList<>();
        String steps = "training.steps=" + (WARM_UP + STEPS);
        try (GrpoRun run = GrpoRun.of(TinyRun.train(folder, steps, "rollout.max_new_tokens=12"))) {
            run.trainer().run(step -> {
                if (step.step() >= WARM_UP && step.step() % EVERY == 0) {
                    // Small arrays that ND4J makes in passing are freed after a collection; what stays is a leak.
                    System.gc();
                    resident.add(residentOutsideHeap());
                }
            });
        }
        // The JIT compiler takes a few megabytes now and then, on a policy this small some per cent; a leak of training
        // shows in every interval.
        List<Long> growth = new ArrayList<>();
        for (int i = 1; i < resident.size(); i++) {
            growth.add(resident.get(i) - resident.get(i - 1));
        }
        growth.sort(null);
        double overAll = (double) growth.get(growth.size() / 2) * STEPS / EVERY;
        assertThat(overAll / resident.get(0)).as("growth from %s", resident).isLessThan(0.02);
    }

    private static long residentOutsideHeap() {
        long kilobytes = 0;
        boolean counted = false;
        try {
            for (String line : Files.readAllLines(MAPS)) {
                int dash = line.indexOf('-');
                if (line.startsWith("Rss:")) {
                    kilobytes += counted ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
                } else if (dash > 0 && line.substring(0, dash).matches("[0-9a-f]+")) {
                    counted = Long.parseUnsignedLong(line.substring(0, dash), 16) >= END_OF_HEAP;
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return kilobytes;
    }
}
