package org.grpo4j.datasets.arithmetic;

import java.util.List;
import java.util.SplittableRandom;
import org.grpo4j.datasets.Problem;

/**
 * Worked solutions with slips, as a warm start that leaves something to learn. Each step's sum is wrong with some
 * probability and the chain goes on from the wrong value, so a solution with a slip ends in a wrong answer.
 */
public final class NoisySteps {

    /** The probability of a wrong sum that the quickstart uses. */
    public static final double DEFAULT_PROBABILITY = 0.3;

    private NoisySteps() {}

    /**
     * A solution of a generated sum.
     *
     * @param problem its text, {@code 17+58+91=}
     * @param seed with the problem, decides all slips; another seed gives another solution
     * @param probability of a slip in each step, 0 to 1
     * @throws IllegalArgumentException when the problem is no generated sum
     */
    public static String noisySolution(String problem, long seed, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + ", must be from 0 to 1");
        }
        Sum sum = Sum.parse(problem);
        SplittableRandom random = new SplittableRandom(seed ^ mix(sum.terms()));
        long[] totals = new long[sum.terms().size() - 1];
        long total = sum.terms().get(0);
        for (int i = 0; i < totals.length; i++) {
            int term = sum.terms().get(i + 1);
            boolean slip = random.nextDouble() < probability;
            boolean last = i == totals.length - 1;
            totals[i] = slip ? slip(total, term, random) : total + term;
            // Two slips may cancel out; the answer of a solution with a slip must be wrong all the same.
            while (slip && last && totals[i] == sum.value()) {
                totals[i] = slip(total, term, random);
            }
            total = totals[i];
        }
        return sum.steps(totals);
    }

    /** The problem with a noisy solution in place of its own; its answers stay the right ones. */
    public static Problem noisy(Problem problem, long seed, double probability) {
        return problem.withSolution(noisySolution(problem.problem(), seed, probability));
    }

    /** A wrong value for {@code a + b}, of the kinds people make; never negative, never right. */
    private static long slip(long a, long b, SplittableRandom random) {
        long right = a + b;
        long wrong = right;
        while (wrong == right || wrong < 0) {
            wrong = switch (random.nextInt(4)) {
                case 0 -> right + (random.nextBoolean() ? 1 : -1);
                case 1 -> right + (random.nextInt(1, 11) * (random.nextBoolean() ? 1 : -1));
                case 2 -> forgottenCarry(a, b);
                default -> neighbouringDigit(right, random);
            };
        }
        return wrong;
    }

    /** The sum without the carry out of the last digit; right when nothing is carried. */
    private static long forgottenCarry(long a, long b) {
        return a % 10 + b % 10 >= 10 ? a + b - 10 : a + b;
    }

    private static long neighbouringDigit(long value, SplittableRandom random) {
        int digits = Long.toString(value).length();
        long place = 1;
        for (int i = random.nextInt(digits); i > 0; i--) {
            place *= 10;
        }
        long digit = value / place % 10;
        return digit == 9 || (digit > 0 && random.nextBoolean()) ? value - place : value + place;
    }

    private static long mix(List<Integer> terms) {
        long hash = 1;
        for (int term : terms) {
            hash = (hash ^ term) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
