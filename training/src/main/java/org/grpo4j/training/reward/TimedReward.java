package org.grpo4j.training.reward;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reward that gets a limited time for each completion. What exceeds it is interrupted and, if that does not help, left
 * to itself on its thread; while {@value #MOST_STUCK} such threads hang, further completions are refused at once, so that
 * they neither wait nor pile up.
 *
 * <p>Completions are judged one after the other on one thread, which goes away by itself when nothing is asked of it.
 */
final class TimedReward implements Reward {
    /** Threads that may hang before nothing more is asked. Each of them may take a core from the training. */
    static final int MOST_STUCK = 4;

    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Reward reward;
    private final double seconds;
    private final AtomicInteger stuck = new AtomicInteger();
    private ExecutorService thread = newThread();

    /** @param seconds for one completion, above 0 */
    TimedReward(Reward reward, double seconds) {
        this.reward = reward;
        this.seconds = seconds;
    }

    /** @throws IllegalStateException if the reward takes too long, or hangs on earlier completions */
    @Override
    public synchronized double score(RewardContext context) {
        if (stuck.get() >= MOST_STUCK) {
            throw new IllegalStateException("not asked, because it still hangs on " + stuck
                    + " earlier completions; let it end, or stop when its thread is interrupted");
        }
        Call call = new Call(context);
        Future<Double> answer = thread.submit(call::run);
        try {
            return answer.get((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            if (call.giveUp()) {
                answer.cancel(true);
                thread.shutdown();
                thread = newThread();
            }
            throw new IllegalStateException("gave no value within " + seconds + " s (timeout_seconds)", late);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a reward was asked", e);
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof RuntimeException fault) {
            return fault;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }

    private static ExecutorService newThread() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "reward");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** One question, which counts as stuck from the moment it is given up until its thread has come back. */
    private final class Call {
        private final RewardContext context;
        private boolean begun;
        private boolean done;
        private boolean givenUp;

        Call(RewardContext context) {
            this.context = context;
        }

        double run() {
            if (!begin()) {
                return Double.NaN;
            }
            try {
                return reward.score(context);
            } finally {
                end();
            }
        }

        /** A thread that starts only when nobody waits any more, on a busy machine, need not ask. */
        private synchronized boolean begin() {
            begun = !givenUp;
            return begun;
        }

        private synchronized void end() {
            done = true;
            if (givenUp) {
                stuck.decrementAndGet();
            }
        }

        /** Whether the call was not over yet. One that has not begun will not hang either. */
        synchronized boolean giveUp() {
            givenUp = !done;
            if (givenUp && begun) {
                stuck.incrementAndGet();
            }
            return givenUp;
        }
    }
}
