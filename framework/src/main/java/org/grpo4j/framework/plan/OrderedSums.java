package org.grpo4j.framework.plan;

import java.util.HashMap;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums of what plans compute over the tasks (micro-batches) of a step: one array a parameter, whatever the number of
 * replicas. Plans on several threads add straight into it, each waiting until it is its turn, so the order of additions,
 * and with it every bit of the sums, depends on the tasks and the number of replicas only.
 *
 * <p>{@link #begin}, then {@link Plan#run(int)} for every task as {@link Replicas} distributes them. The first addition
 * overwrites.
 */
public final class OrderedSums {
    /** Looks at the counter before a waiting thread goes to sleep: turns mostly come within microseconds. */
    private static final int SPINS = 2000;

    private final ParameterStore sums;
    private final Map<String, Turns> turns = new HashMap<>();
    private volatile int tasks;
    private volatile int replicas = 1;
    private volatile @Nullable Throwable failure;

    /** @param sums the arrays to add into; they stay the caller's */
    public OrderedSums(ParameterStore sums) {
        this.sums = sums;
        sums.names().forEach(name -> turns.put(name, new Turns()));
    }

    /** The arrays that are added into. */
    public ParameterStore sums() {
        return sums;
    }

    /** Starts new sums over tasks 0 to {@code tasks − 1}, task t on replica {@code t mod replicas}. */
    public void begin(int tasks, int replicas) {
        this.tasks = tasks;
        this.replicas = replicas;
        this.failure = null;
        turns.values().forEach(turn -> turn.next = 0);
    }

    /** Releases all that wait for a task that has failed; they fail too. */
    public void abort(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        turns.values().forEach(Turns::wakeAll);
    }

    /** What was given to {@link #abort} first since {@link #begin}; null if nothing failed. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** The additions of one plan to one sum. */
    Part part(String name, int index, int count, Task task) {
        Turns turn = turns.get(name);
        if (turn == null) {
            throw new IllegalArgumentException("there is no sum '" + name + "'; there are " + turns.keySet());
        }
        return new Part(turn, sums.get(name), index, count, task);
    }

    /** The task that a plan is running. */
    static final class Task {
        int index;
    }

    /** Whose addition to one sum comes next. */
    private static final class Turns {
        private volatile int next;

        private synchronized void wakeAll() {
            notifyAll();
        }

        private synchronized void advance() {
            next++;
            notifyAll();
        }
    }

    /** One of the {@code count} additions that every task makes to one sum. */
    final class Part {
        private final Turns turns;
        private final INDArray array;
        private final int index;
        private final int count;
        private final Task task;

        private Part(Turns turns, INDArray array, int index, int count, Task task) {
            this.turns = turns;
            this.array = array;
            this.index = index;
            this.count = count;
            this.task = task;
        }

        INDArray array() {
            return array;
        }

        /**
         * Tasks that run side by side add part by part, so that none waits for another one's whole backward pass where a
         * parameter is used at both of its ends.
         */
        private int turn() {
            int round = task.index / replicas;
            int besides = Math.min(replicas, tasks - round * replicas);
            return round * replicas * count + index * besides + task.index % replicas;
        }

        /** Whether there is something to add to already. */
        boolean adds() {
            return turn() > 0;
        }

        void await() {
            int turn = turn();
            for (int i = 0; i < SPINS && turns.next != turn; i++) {
                Thread.onSpinWait();
            }
            synchronized (turns) {
                while (turns.next != turn) {
                    requireNoFailure();
                    try {
                        turns.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted while waiting to add to a gradient", e);
                    }
                }
            }
            requireNoFailure();
        }

        void done() {
            turns.advance();
        }

        private void requireNoFailure() {
            Throwable cause = failure;
            if (cause != null) {
                throw new IllegalStateException("given up because another micro-batch failed: " + cause, cause);
            }
        }
    }
}
