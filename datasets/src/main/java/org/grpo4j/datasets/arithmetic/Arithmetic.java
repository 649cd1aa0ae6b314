package org.grpo4j.datasets.arithmetic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;

/**
 * Sums of random numbers. The same seed gives the same problems.
 *
 * @param terms how many numbers are added, 2 to 20
 * @param limit every number is from 0 to {@code limit - 1}; 2 to 1,000,000
 */
public record Arithmetic(int terms, int limit) {

    /** Sums of three numbers below 100, the setting of the quickstart. */
    public static final Arithmetic DEFAULT = new Arithmetic(3, 100);

    private static final int TRIES_PER_PROBLEM = 200;

    public Arithmetic {
        if (terms < 2 || terms > 20) {
            throw new IllegalArgumentException("terms is " + terms + ", must be from 2 to 20");
        }
        if (limit < 2 || limit > 1_000_000) {
            throw new IllegalArgumentException("limit is " + limit + ", must be from 2 to 1000000");
        }
    }

    /** Problems to train on and problems to test on. No sum of one is in the other, not even with its terms reordered. */
    public record Splits(ProblemSet train, ProblemSet heldOut) {}

    /**
     * Problems that are all different.
     *
     * @throws DatasetException when there are not as many
     */
    public ProblemSet problems(int count, long seed) {
        return new Draw(seed).take(count, "");
    }

    /**
     * Training and held-out problems, all different.
     *
     * @throws DatasetException when there are not as many
     */
    public Splits splits(int train, int heldOut, long seed) {
        Draw draw = new Draw(seed);
        ProblemSet test = draw.take(heldOut, " held out");
        draw.forbidReordered(test);
        return new Splits(draw.take(train, " train"), test);
    }

    /** Sums drawn from one seed; those already drawn or forbidden do not come again. */
    private final class Draw {

        private final long seed;
        private final SplittableRandom random;
        private final Set<List<Integer>> drawn = new HashSet<>();
        private final Set<List<Integer>> forbidden = new HashSet<>();

        Draw(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
        }

        ProblemSet take(int count, String part) {
            List<Problem> problems = new ArrayList<>();
            long tries = 1000 + (long) TRIES_PER_PROBLEM * count;
            while (problems.size() < count) {
                if (tries-- == 0) {
                    throw new DatasetException(count + " different sums of " + terms + " numbers below " + limit
                            + " were asked for, but there are hardly more than " + problems.size()
                            + ": ask for fewer, or raise terms or limit");
                }
                Sum sum = new Sum(random.ints(terms, 0, limit).boxed().toList());
                if (!forbidden.contains(sum.unordered()) && drawn.add(sum.terms())) {
                    problems.add(sum.toProblem(Integer.toString(problems.size())));
                }
            }
            return ProblemSet.of("arithmetic terms=" + terms + " limit=" + limit + " seed=" + seed + part, problems);
        }

        void forbidReordered(List<Problem> problems) {
            problems.forEach(
                    problem -> forbidden.add(Sum.parse(problem.problem()).unordered()));
        }
    }
}
