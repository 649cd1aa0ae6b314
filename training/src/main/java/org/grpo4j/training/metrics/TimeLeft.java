package org.grpo4j.training.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * How long a run will still take. Recent steps count, because completions grow and shrink while a policy learns, and
 * evaluations are counted apart, because they come in some steps only. The first step compiles plans and takes many
 * times longer than the others, so nothing is told from it. One thread at a time.
 */
public final class TimeLeft {
    private static final int RECENT_STEPS = 20;
    private static final String EVALUATION = "evaluation";
    private static final int NONE = -1;

    private final int steps;
    private final LongSupplier nanoTime;
    private final Deque<Double> recent = new ArrayDeque<>();
    private int done;
    private long doneAt;
    private int stepsHere;
    private int lastEvaluation;
    private int stepsBetweenEvaluations = NONE;
    private double evaluationSeconds;
    private boolean evaluates;

    /**
     * Starts the clock.
     *
     * @param done steps a resumed run has behind it
     * @param steps of the whole run
     * @param nanoTime the clock, in nanoseconds
     */
    public TimeLeft(int done, int steps, LongSupplier nanoTime) {
        this.done = done;
        this.steps = steps;
        this.nanoTime = nanoTime;
        this.doneAt = nanoTime.getAsLong();
        this.lastEvaluation = done == 0 ? 0 : NONE;
    }

    /** A step has just been done; step 0 is an evaluation before the first. */
    public void step(StepMetrics metrics) {
        long now = nanoTime.getAsLong();
        double seconds = (now - doneAt) / 1e9;
        double evaluation = metrics.seconds().getOrDefault(EVALUATION, 0.0);
        doneAt = now;
        done = metrics.step();
        if (evaluation > 0) {
            evaluated(metrics.step(), evaluation);
        }
        if (metrics.step() == 0) {
            return;
        }
        stepsHere++;
        if (stepsHere > 1) {
            recent.add(Math.max(0, seconds - evaluation));
            if (recent.size() > RECENT_STEPS) {
                recent.remove();
            }
        }
    }

    private void evaluated(int step, double seconds) {
        // In a new run the first evaluation after the start tells the distance; in a resumed one it takes two.
        if (step > 0 && lastEvaluation != NONE) {
            stepsBetweenEvaluations = step - lastEvaluation;
        }
        evaluates = true;
        lastEvaluation = step;
        evaluationSeconds = seconds;
    }

    /** Seconds to the end of the run; nothing before the second step. */
    public OptionalDouble seconds() {
        int left = steps - done;
        if (recent.isEmpty() || left <= 0) {
            return OptionalDouble.empty();
        }
        double step = recent.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double present = Math.max(0, step - (nanoTime.getAsLong() - doneAt) / 1e9);
        return OptionalDouble.of(present + (left - 1) * step + evaluationsLeft() * evaluationSeconds);
    }

    /** The same for people, such as {@code 4 min 10 s left}; empty where nothing can be said. */
    String remark() {
        OptionalDouble seconds = seconds();
        return seconds.isPresent() ? Summary.duration(seconds.getAsDouble()) + " left" : "";
    }

    /** A run that evaluates at all does so after its last step, too. */
    private int evaluationsLeft() {
        if (!evaluates) {
            return 0;
        }
        if (stepsBetweenEvaluations == NONE) {
            return 1;
        }
        return (steps - lastEvaluation + stepsBetweenEvaluations - 1) / stepsBetweenEvaluations;
    }
}
