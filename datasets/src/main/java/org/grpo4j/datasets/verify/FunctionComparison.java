package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.grpo4j.datasets.verify.Numbers.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Equality of expressions with variables, as functions: they agree at every one of a set of fixed points at which both are
 * defined and real. Rational functions are evaluated exactly there. Only expressions that are hardly ever real are compared
 * by principal values in the complex plane.
 */
final class FunctionComparison {

    private static final int ENOUGH_POINTS = 3;
    private static final Set<String> OF_WHOLE_NUMBERS = Set.of("!", "!!", "binom", "gcd", "lcm", "sum", "prod");
    private static final Set<String> ROUNDINGS = Set.of("floor", "ceil");

    /** Variables that usually count something: floors of their fractions are compared at whole numbers. */
    private static final Set<String> COUNTS = Set.of("n", "m", "k", "N", "M", "K", "i", "j", "l", "p", "q", "d");

    private final Budget budget;

    FunctionComparison(Budget budget) {
        this.budget = budget;
    }

    /** Two values at one point. */
    private record Sample(Arithmetic arithmetic, Scalar a, Scalar b, boolean real) {}

    /** How two samples are compared with what is known from earlier ones. */
    @FunctionalInterface
    private interface Test {
        Verdict apply(Sample sample);
    }

    boolean equal(Expression a, Expression b) {
        return holds(a, b, sample -> Numbers.verdict(sample.arithmetic(), sample.a(), sample.b())) && stayEqual(a, b);
    }

    /** Whether they agree in more digits too, at the first point where both have values. */
    private boolean stayEqual(Expression a, Expression b) {
        SortedSet<String> variables = a.variables();
        variables.addAll(b.variables());
        List<Map<String, Rational>> points = new ArrayList<>(SamplePoints.whole(variables));
        points.addAll(SamplePoints.real(variables));
        for (Map<String, Rational> point : points) {
            Sample sample = sample(a, b, point, Numbers.MOST_DIGITS);
            if (sample != null && sample.real()) {
                return Numbers.verdict(sample.arithmetic(), sample.a(), sample.b()) != Verdict.DIFFERENT;
            }
        }
        return true;
    }

    /**
     * Whether one is the other times a constant that is not zero.
     *
     * @param positive whether the constant must be above zero
     */
    boolean proportional(Expression a, Expression b, boolean positive) {
        List<Sample> reference = new ArrayList<>();
        return holds(a, b, sample -> {
            Arithmetic arithmetic = sample.arithmetic();
            boolean vanishes = isZero(arithmetic, sample.a());
            if (vanishes || isZero(arithmetic, sample.b())) {
                return vanishes && isZero(arithmetic, sample.b()) ? Verdict.UNDECIDED : Verdict.DIFFERENT;
            }
            if (reference.isEmpty()) {
                reference.add(sample);
                Scalar ratio = arithmetic.times(sample.a(), arithmetic.inverse(sample.b()));
                return positive && Arithmetic.isNegative(ratio) ? Verdict.DIFFERENT : Verdict.EQUAL;
            }
            Sample first = reference.get(0);
            return Numbers.verdict(
                    arithmetic, arithmetic.times(sample.a(), first.b()), arithmetic.times(sample.b(), first.a()));
        });
    }

    private static boolean isZero(Arithmetic arithmetic, Scalar value) {
        return Arithmetic.isExactZero(value)
                || Numbers.verdict(arithmetic, value, Scalar.Exact.ZERO) != Verdict.DIFFERENT;
    }

    private boolean holds(Expression a, Expression b, Test test) {
        SortedSet<String> variables = a.variables();
        variables.addAll(b.variables());
        List<Sample> notReal = new ArrayList<>();
        if (variables.isEmpty()) {
            Sample sample = sample(a, b, Map.of(), Numbers.DIGITS);
            return sample != null && decided(a, b, Map.of(), test, sample) == Verdict.EQUAL;
        }
        boolean rounded = COUNTS.containsAll(variables) && (a.calls(ROUNDINGS) || b.calls(ROUNDINGS));
        boolean whole = rounded || a.calls(OF_WHOLE_NUMBERS) || b.calls(OF_WHOLE_NUMBERS);
        int agreed = whole ? 0 : agreements(a, b, SamplePoints.real(variables), test, notReal);
        if (agreed >= 0 && agreed < ENOUGH_POINTS) {
            agreed = agreements(a, b, SamplePoints.whole(variables), test, notReal);
        }
        if (agreed >= 0 && agreed < ENOUGH_POINTS) {
            agreed = 0;
            for (Sample sample : notReal) {
                if (test.apply(sample) != Verdict.EQUAL) {
                    return false;
                }
                agreed++;
            }
        }
        return agreed >= ENOUGH_POINTS;
    }

    /** At how many points the test holds, -1 when it fails at one. */
    private int agreements(
            Expression a, Expression b, List<Map<String, Rational>> points, Test test, List<Sample> notReal) {
        int agreed = 0;
        for (Map<String, Rational> point : points) {
            Sample sample = sample(a, b, point, Numbers.DIGITS);
            if (sample != null && !sample.real()) {
                notReal.add(sample);
            } else if (sample != null) {
                Verdict verdict = decided(a, b, point, test, sample);
                if (verdict == Verdict.DIFFERENT) {
                    return -1;
                }
                agreed += verdict == Verdict.EQUAL ? 1 : 0;
            }
        }
        return agreed;
    }

    private Verdict decided(Expression a, Expression b, Map<String, Rational> point, Test test, Sample sample) {
        Verdict verdict = test.apply(sample);
        if (verdict == Verdict.UNDECIDED) {
            Sample sharper = sample(a, b, point, Numbers.MOST_DIGITS);
            return sharper == null ? Verdict.UNDECIDED : test.apply(sharper);
        }
        return verdict;
    }

    /** The values at a point, null where one of both has none. */
    private @Nullable Sample sample(Expression a, Expression b, Map<String, Rational> point, int digits) {
        try {
            Evaluator evaluator = new Evaluator(digits, point, budget);
            Scalar x = evaluator.value(a);
            Scalar y = evaluator.value(b);
            return new Sample(evaluator.arithmetic(), x, y, !evaluator.hasLeftReals());
        } catch (Unparsed e) {
            if (e.isTooLarge()) {
                throw e;
            }
            return null;
        }
    }
}
