package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.util.Map;
import org.grpo4j.datasets.verify.Scalar.Ball;
import org.grpo4j.datasets.verify.Scalar.Exact;

/**
 * Equality and order of numbers. Rational numbers are compared exactly. Others are enclosed in discs: where these do not
 * touch, the numbers differ for certain. Constants count as equal when they agree in more than 60 digits, computed with
 * {@value #MOST_DIGITS}; values of functions at a sample point when they agree in 25, computed with {@value #DIGITS}.
 */
final class Numbers {

    static final int DIGITS = 40;
    static final int MOST_DIGITS = 100;

    private final Budget budget;

    Numbers(Budget budget) {
        this.budget = budget;
    }

    boolean equal(Expression a, Expression b) {
        return sign(a, b, false) == 0;
    }

    /** The order of two real constants; infinite ones are not for here. */
    int compare(Expression a, Expression b) {
        return sign(a, b, true);
    }

    private int sign(Expression a, Expression b, boolean real) {
        for (int digits : new int[] {DIGITS, MOST_DIGITS}) {
            Evaluator evaluator = new Evaluator(digits, Map.of(), budget);
            Scalar x = evaluator.value(a);
            Scalar y = evaluator.value(b);
            if (real && !(x.isReal() && y.isReal())) {
                throw Unparsed.because("an order of numbers that are not real");
            }
            Verdict verdict = verdict(evaluator.arithmetic(), x, y);
            if (verdict == Verdict.DIFFERENT) {
                Scalar difference = evaluator.arithmetic().minus(x, y);
                return Arithmetic.isNegative(difference) ? -1 : 1;
            }
            boolean exact = x instanceof Exact && y instanceof Exact;
            if (verdict == Verdict.EQUAL && (exact || digits == MOST_DIGITS)) {
                return 0;
            }
        }
        throw Unparsed.tooLarge("two numbers too near each other to be told apart");
    }

    /** What discs say of two numbers. */
    enum Verdict {
        EQUAL,
        DIFFERENT,
        UNDECIDED
    }

    static Verdict verdict(Arithmetic arithmetic, Scalar x, Scalar y) {
        if (x instanceof Exact && y instanceof Exact) {
            return x.equals(y) ? Verdict.EQUAL : Verdict.DIFFERENT;
        }
        Ball a = arithmetic.ball(x);
        Ball b = arithmetic.ball(y);
        Ball difference = arithmetic.ball(arithmetic.minus(a, b));
        if (!difference.mayBeZero()) {
            return Verdict.DIFFERENT;
        }
        // Relative for what is small, absolute for what is large or may be zero.
        BigDecimal agreement = BigDecimal.ONE.movePointLeft(arithmetic.digits() * 5 / 8);
        BigDecimal size = a.size().max(b.size()).min(BigDecimal.ONE);
        boolean agree = difference.radius().compareTo(size.multiply(agreement)) <= 0;
        boolean zero = a.mayBeZero() || b.mayBeZero();
        return agree || zero && difference.radius().compareTo(agreement) <= 0 ? Verdict.EQUAL : Verdict.UNDECIDED;
    }
}
