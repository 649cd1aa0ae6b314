package org.grpo4j.training.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.config.ConfigException;
import org.grpo4j.training.fuzz.Verdict.Outcome;

/**
 * Lets a loader run on a case and judges what it did: it returned, or refused in one sentence that names the place; it
 * allocated no more than the size of the input explains; it left no file open.
 */
final class Judge {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET_PEAK = Path.of("/proc/self/clear_refs");

    private static final int LONGEST_SENTENCE = 1_000;
    private static final long SLOWEST_NANOSECONDS = 20_000_000_000L;

    /** Buffers and the library's own tables, whatever the input. */
    private static final long NATIVE_CONSTANT = 24 << 20;

    private static final long HEAP_CONSTANT = 16 << 20;

    /**
     * Bytes allocated over bytes of input, in all: an array of one-digit numbers takes thirty times its text as a tree, and
     * a table is read four times. What this finds is a size that a number in the file chose.
     */
    private static final long HEAP_FACTOR = 512;

    private final Path folder;
    private final boolean measuresNative;

    /**
     * @param folder where cases are put; made if it is not there
     * @param measuresNative whether the resident set is watched, which tells something only if the heap does not grow
     */
    Judge(Path folder, boolean measuresNative) {
        this.folder = folder;
        this.measuresNative = measuresNative && Files.isWritable(RESET_PEAK);
    }

    Verdict judge(FuzzCase fuzzCase) throws IOException {
        fuzzCase.writeTo(folder);
        long filesBefore = openFiles();
        long residentBefore = measuresNative ? resetPeak() : 0;
        long heapBefore = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long start = System.nanoTime();
        Outcome outcome = Outcome.ACCEPTED;
        String explanation = "";
        try {
            fuzzCase.target().load(folder);
        } catch (InputException | DatasetException | ConfigException refusal) {
            explanation = String.valueOf(refusal.getMessage());
            outcome = isSentence(explanation) ? Outcome.REFUSED : Outcome.FAILED;
            if (outcome == Outcome.FAILED) {
                explanation = "no sentence that names the place: " + explanation;
            }
        } catch (Throwable fault) {
            outcome = Outcome.FAILED;
            explanation = fault + " at "
                    + List.of(fault.getStackTrace()).stream().limit(6).toList();
        }
        long nanoseconds = System.nanoTime() - start;
        long heap = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - heapBefore;
        long outside = measuresNative ? status("VmHWM") - residentBefore : 0;
        String excess = excess(fuzzCase.bytes(), heap, outside, nanoseconds);
        if (openFiles() > filesBefore && leaks(fuzzCase)) {
            excess = "left a file open";
        }
        return outcome != Outcome.FAILED && !excess.isEmpty()
                ? new Verdict(Outcome.FAILED, excess + "; " + explanation, heap, outside, nanoseconds)
                : new Verdict(outcome, explanation, heap, outside, nanoseconds);
    }

    private static String excess(long input, long heap, long outside, long nanoseconds) {
        if (heap > HEAP_FACTOR * input + HEAP_CONSTANT) {
            return "allocated " + heap + " bytes on the heap for " + input;
        }
        if (outside > 2 * input + NATIVE_CONSTANT) {
            return "allocated " + outside + " bytes outside of the heap for " + input;
        }
        if (nanoseconds > SLOWEST_NANOSECONDS) {
            return "took " + nanoseconds / 1_000_000 + " ms for " + input + " bytes";
        }
        return "";
    }

    /** Whether loading again leaves one more file open every time; the JVM opens some of its own, once. */
    private boolean leaks(FuzzCase fuzzCase) throws IOException {
        long before = openFiles();
        for (int i = 0; i < 2; i++) {
            fuzzCase.writeTo(folder);
            try {
                fuzzCase.target().load(folder);
            } catch (Throwable again) {
                continue;
            }
        }
        return openFiles() >= before + 2;
    }

    /** One line that can be read, and that says which file is meant. */
    private boolean isSentence(String message) {
        boolean readable = !message.isBlank()
                && message.length() <= LONGEST_SENTENCE + folder.toString().length()
                && message.codePoints().noneMatch(Character::isISOControl);
        return readable && (message.contains(folder.toString()) || message.contains(".json"));
    }

    private static long openFiles() throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }

    private static long resetPeak() throws IOException {
        Files.writeString(RESET_PEAK, "5");
        return status("VmRSS");
    }

    private static long status(String field) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IllegalStateException(STATUS + " has no " + field);
    }
}
