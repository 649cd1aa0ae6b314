package org.grpo4j.training.rollouts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.trainer.ScoredRollout;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rollouts in a run's folder, on a thread of its own so that no step waits for it. The steps that stay wait in a short
 * queue; of the others only the newest is written, about once a second, because the next one replaces it. If the disk is
 * too slow for the queue, steps are left out. A failure ends the log with one line to the run, and never the run.
 */
public final class RolloutLog implements AutoCloseable {

    /** Tokens of a step, which make about 300 kB. */
    private static final int MAX_TOKENS = 10_000;

    private static final int QUEUE = 8;
    private static final long LATEST_MILLIS = 1000;

    private final RolloutFiles files;
    private final Tokenizer tokenizer;
    private final TokenPieces texts;
    private final Consumer<String> notes;
    private final Deque<Entry> staying = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable Entry newest;
    private @Nullable String failure;
    private boolean closing;

    private record Entry(int step, List<ScoredRollout> rollouts) {}

    private RolloutLog(RolloutFiles files, Tokenizer tokenizer, Consumer<String> notes) {
        this.files = files;
        this.tokenizer = tokenizer;
        this.texts = new TokenPieces(tokenizer);
        this.notes = notes;
        this.thread = new Thread(this::writeAll, "rollout-log");
        thread.setDaemon(true);
    }

    /**
     * Goes on with the log of a run, or begins it.
     *
     * @param runFolder the log is its folder {@code rollouts}
     * @param lastStep steps after it are about to be repeated, and dropped; 0 for a new run
     * @param tokenizer of the policy; stays the caller's, who closes it after this log
     * @param notes told, on the thread that closes the log, if steps could not be kept
     */
    public static RolloutLog resume(Path runFolder, int lastStep, Tokenizer tokenizer, Consumer<String> notes)
            throws IOException {
        RolloutFiles files = RolloutFiles.of(runFolder);
        files.dropAfter(lastStep);
        RolloutLog log = new RolloutLog(files, tokenizer, notes);
        log.thread.start();
        return log;
    }

    /** Takes the rollouts of a step; returns at once. */
    public synchronized void add(int step, List<ScoredRollout> rollouts) {
        Entry entry = new Entry(step, rollouts);
        boolean stays = (step - 1) % KeptSteps.distance(step, RolloutFiles.MOST_STEPS) == 0;
        if (failure != null || rollouts.isEmpty()) {
            return;
        }
        if (stays && staying.size() < QUEUE) {
            staying.add(entry);
            newest = null;
        } else {
            newest = entry;
        }
        notifyAll();
    }

    private void writeAll() {
        long written = System.nanoTime() - LATEST_MILLIS * 1_000_000;
        try {
            for (Entry entry = next(written); entry != null; entry = next(written)) {
                write(entry);
                written = System.nanoTime();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for work; null when the log is closed and nothing is left. */
    private synchronized @Nullable Entry next(long written) throws InterruptedException {
        while (true) {
            if (!staying.isEmpty()) {
                return staying.remove();
            }
            long wait = LATEST_MILLIS - (System.nanoTime() - written) / 1_000_000;
            Entry latest = newest;
            if (latest != null && (closing || wait <= 0)) {
                newest = null;
                return latest;
            }
            if (closing) {
                return null;
            }
            wait(latest == null ? 0 : wait);
        }
    }

    private void write(Entry entry) throws IOException {
        byte[] json = json(entry, MAX_TOKENS);
        // Texts of control characters or many rewards can make more of the same number of tokens.
        for (int tokens = MAX_TOKENS / 2; json.length > RolloutFiles.MOST_BYTES && tokens > 0; tokens /= 2) {
            json = json(entry, tokens);
        }
        if (json.length <= RolloutFiles.MOST_BYTES) {
            files.write(entry.step, json);
            files.thin(entry.step);
        }
    }

    private byte[] json(Entry entry, int maxTokens) {
        return StepJson.write(new StepLogger(tokenizer, texts, maxTokens).log(entry.step, entry.rollouts));
    }

    private synchronized void fail(Throwable e) {
        failure = "the rollouts of later steps are not kept for the report: " + e;
        staying.clear();
        newest = null;
    }

    /** Waits until what was taken is written. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String told = failure;
        if (told != null) {
            notes.accept(told);
        }
    }
}
