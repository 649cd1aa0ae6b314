package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.util.Map;
import org.grpo4j.datasets.verify.Scalar.Ball;
import org.grpo4j.datasets.verify.Scalar.Exact;

/**
 * Equality and order of numbers. Rational numbers are compared exactly. Others are enclosed in discs: where these do not
 * touch the numbers differ for certain; where they do, the numbers count as equal once they agree in
 * {@value #AGREEING_DIGITS} digits before and behind the point, computed with at most {@value #MOST_DIGITS} digits.
 */
final class Numbers {

    static final int DIGITS = 40;
    static final int MOST_DIGITS = 300;
    static final int AGREEING_DIGITS = 25;

    private static final BigDecimal AGREEMENT = BigDecimal.ONE.movePointLeft(AGREEING_DIGITS);
    private static final BigDecimal NOTHING = BigDecimal.ONE.movePointLeft(MOST_DIGITS / 2);

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
        for (int digits = DIGITS; digits <= MOST_DIGITS; digits = digits < MOST_DIGITS ? MOST_DIGITS : digits + 1) {
            Evaluator evaluator = new Evaluator(digits, Map.of(), budget);
            Scalar x = evaluator.value(a);
            Scalar y = evaluator.value(b);
            if (real && !(x.isReal() && y.isReal())) {
                throw Unparsed.because("an order of numbers that are not real");
            }
            Verdict verdict = verdict(evaluator.arithmetic(), x, y);
            if (verdict == Verdict.EQUAL) {
                return 0;
            }
            if (verdict == Verdict.DIFFERENT) {
                Scalar difference = evaluator.arithmetic().minus(x, y);
                return Arithmetic.isNegative(difference) ? -1 : 1;
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
        BigDecimal size = a.size().max(b.size()).min(BigDecimal.ONE);
        boolean agree = difference.radius().compareTo(size.multiply(AGREEMENT)) <= 0;
        return agree || difference.radius().compareTo(NOTHING) <= 0 ? Verdict.EQUAL : Verdict.UNDECIDED;
    }
}
