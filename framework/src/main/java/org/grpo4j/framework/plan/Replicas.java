package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work side by side, each on its own plans, native ops single-threaded. Task t always runs on replica
 * {@code t mod count} and each replica runs its tasks in order, so what is summed in which order does not depend on
 * timing.
 */
public final class Replicas implements AutoCloseable {
    private final int count;
    private final ExecutorService threads;

    /** What to do for a task on a replica. */
    @FunctionalInterface
    public interface Work {
        /** Runs one task; called on the thread of its replica. */
        void run(int replica, int task);
    }

    /** @param count number of replicas; 0 for one a processor */
    public Replicas(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("replicas is " + count + "; it must be positive, or 0 for one a core");
        }
        this.count = countOf(count);
        this.threads = Executors.newFixedThreadPool(this.count, task -> {
            Thread thread = new Thread(task, "replica");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The number of replicas that a setting means: 0 is one a processor. */
    public static int countOf(int setting) {
        return setting == 0 ? Runtime.getRuntime().availableProcessors() : setting;
    }

    /** Number of replicas. */
    public int count() {
        return count;
    }

    /**
     * Runs tasks 0 to {@code tasks − 1} and waits for all of them, also for those that run on while another one has
     * failed: what they work on may be closed afterwards.
     *
     * @throws RuntimeException what a task threw; with several, that of the lowest replica
     * @throws Error the same for an error, which goes before any exception
     */
    public void run(int tasks, Work work) {
        List<Future<?>> running = new ArrayList<>();
        for (int replica = 0; replica < Math.min(count, tasks); replica++) {
            int own = replica;
            running.add(threads.submit(() -> {
                for (int task = own; task < tasks; task += count) {
                    work.run(own, task);
                }
            }));
        }
        Throwable failure = null;
        for (Future<?> replica : running) {
            try {
                replica.get();
            } catch (ExecutionException e) {
                failure = graver(failure, Objects.requireNonNullElse(e.getCause(), e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = graver(failure, new IllegalStateException("interrupted while replicas were running", e));
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        }
    }

    /** The first failure, but an error before any exception: it is why the others gave up. */
    private static Throwable graver(@Nullable Throwable first, Throwable next) {
        return first == null || (next instanceof Error && !(first instanceof Error)) ? next : first;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
