package org.grpo4j.framework.plan;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that compute parts of one op together. Where {@link Replicas} runs whole plans side by side and reads every
 * weight once a replica, a team runs one plan and reads every weight once, which is what decoding with few rows is
 * bound by. Parts last microseconds, so members wait for the next one by spinning and are parked only when none comes
 * for a while; the calling thread computes part 0 itself.
 */
public final class Team implements AutoCloseable {
    /** Longer than the gaps between the ops of a plan, short enough not to burn a core beside other work. */
    private static final long SPIN_NANOS = 50_000;

    /** Reading the clock takes as long as some tens of spins. */
    private static final int SPINS_A_LOOK = 64;

    private final Member[] members;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile Part work = part -> {};
    private volatile int round;
    private volatile boolean closed;
    private volatile @Nullable Thread waiting;
    private boolean running;

    /** One share of the work. */
    @FunctionalInterface
    public interface Part {
        /** Computes part {@code index} of {@link #size}; parts run at the same time and must write disjoint memory. */
        void run(int index);
    }

    /** @param size number of threads, the caller's included; 0 for one a processor */
    public Team(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("size is " + size + "; it must be positive, or 0 for one a core");
        }
        int threads = size == 0 ? Runtime.getRuntime().availableProcessors() : size;
        this.members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].setDaemon(true);
            members[i].start();
        }
    }

    /** Threads, and thus parts of every piece of work. */
    public int size() {
        return members.length + 1;
    }

    /**
     * Runs parts 0 to {@code size − 1} and waits for all of them.
     *
     * @throws RuntimeException what a part threw; with several, that of the lowest part
     * @throws IllegalStateException if the team is closed, or if a part calls this
     */
    public synchronized void run(Part part) {
        if (closed || running) {
            throw new IllegalStateException(
                    closed ? "the team is closed" : "a part of a team's work cannot give the same team work");
        }
        running = true;
        work = part;
        unfinished.set(members.length);
        round++;
        for (Member member : members) {
            member.wake();
        }
        Throwable failure = null;
        try {
            part.run(0);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        waitForMembers();
        running = false;
        for (Member member : members) {
            failure = failure == null ? member.failure : failure;
            member.failure = null;
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private void waitForMembers() {
        if (spinUntilFinished()) {
            return;
        }
        waiting = Thread.currentThread();
        boolean interrupted = false;
        while (unfinished.get() > 0) {
            LockSupport.park(this);
            // An interrupt would turn parking into spinning; it is for whoever called, after the parts are done.
            interrupted |= Thread.interrupted();
        }
        waiting = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean spinUntilFinished() {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_A_LOOK; i++) {
                if (unfinished.get() == 0) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < SPIN_NANOS);
        return false;
    }

    /** Ends the threads. */
    @Override
    public synchronized void close() {
        closed = true;
        round++;
        for (Member member : members) {
            member.wake();
        }
    }

    /** A thread that computes one part of every round. */
    private final class Member extends Thread {
        private final int part;
        private volatile boolean parked;
        private @Nullable Throwable failure;

        Member(int part) {
            super("team " + part);
            this.part = part;
        }

        void wake() {
            // Both sides write before they read, so either this thread sees the other park or that one sees the round.
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            int seen = 0;
            while (true) {
                awaitRoundAfter(seen);
                if (closed) {
                    return;
                }
                seen++;
                try {
                    work.run(part);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        private void awaitRoundAfter(int seen) {
            long start = System.nanoTime();
            do {
                for (int i = 0; i < SPINS_A_LOOK; i++) {
                    if (round != seen) {
                        return;
                    }
                    Thread.onSpinWait();
                }
            } while (System.nanoTime() - start < SPIN_NANOS);
            parked = true;
            while (round == seen) {
                LockSupport.park(Team.this);
            }
            parked = false;
        }
    }
}
