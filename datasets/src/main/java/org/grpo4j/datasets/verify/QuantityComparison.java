package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.verify.Scalar.Ball;
import org.grpo4j.datasets.verify.Scalar.Exact;

/** Whether two quantities are equal. Nothing is equal by closeness except a long decimal that is a correct rounding. */
final class QuantityComparison {

    private static final Expression HUNDRED = Expression.numeral(100);

    private final Numbers numbers;
    private final FunctionComparison functions;
    private final Budget budget;

    QuantityComparison(Numbers numbers, Budget budget) {
        this.numbers = numbers;
        this.functions = new FunctionComparison(budget);
        this.budget = budget;
    }

    boolean equal(Value.Quantity a, Value.Quantity b) {
        if (sameValue(a, b)) {
            return true;
        }
        // 50% is 50 where the sign is understood, and 0.5.
        if (a.percent() && !b.percent()) {
            return sameValue(a, timesHundred(b));
        }
        return b.percent() && !a.percent() && sameValue(timesHundred(a), b);
    }

    private static Value.Quantity timesHundred(Value.Quantity quantity) {
        Rational hundred = Rational.of(100);
        Scalar number = quantity.number() instanceof Exact exact
                ? new Exact(exact.re().times(hundred), exact.im().times(hundred))
                : quantity.number();
        Rational half = quantity.halfUnit() == null ? null : quantity.halfUnit().times(hundred);
        Expression expression = new Expression.Product(List.of(HUNDRED, quantity.expression()));
        return new Value.Quantity(expression, number, true, half);
    }

    private boolean sameValue(Value.Quantity a, Value.Quantity b) {
        if (a.number() == null || b.number() == null) {
            return functions.equal(a.expression(), b.expression());
        }
        if (a.number() instanceof Exact && b.number() instanceof Exact
                ? a.number().equals(b.number())
                : numbers.equal(a.expression(), b.expression())) {
            return true;
        }
        return isRounding(a, b) || isRounding(b, a);
    }

    /** Whether a long decimal is a number without end, correctly rounded; one that ends is compared exactly. */
    private boolean isRounding(Value.Quantity decimal, Value.Quantity exact) {
        Rational half = decimal.halfUnit();
        if (half == null || exact.halfUnit() != null || exact.number() instanceof Exact end && isFinite(end)) {
            return false;
        }
        Evaluator evaluator = new Evaluator(Numbers.DIGITS, Map.of(), budget);
        Arithmetic arithmetic = evaluator.arithmetic();
        Scalar difference =
                arithmetic.minus(evaluator.value(decimal.expression()), evaluator.value(exact.expression()));
        Ball distance = arithmetic.ball(difference);
        return distance.isReal()
                && distance.re().abs().compareTo(arithmetic.ball(Exact.of(half)).re()) <= 0;
    }

    private static boolean isFinite(Exact number) {
        return !number.isReal() || number.re().isFiniteDecimal();
    }

    /** Whether a decimal is the other value to within a hundredth, as somebody writes who shows both. */
    boolean near(Value exact, Value shown) {
        if (!(exact instanceof Value.Quantity a) || !(shown instanceof Value.Quantity b)) {
            return false;
        }
        if (a.number() == null || b.number() == null) {
            return false;
        }
        Arithmetic arithmetic = new Arithmetic(Numbers.DIGITS, budget);
        Ball distance = arithmetic.ball(arithmetic.minus(a.number(), b.number()));
        BigDecimal size = arithmetic.ball(a.number()).size();
        return distance.size().compareTo(size.divide(BigDecimal.valueOf(100), MathContext.DECIMAL32)) <= 0;
    }

    /** Ratios are equal when their terms are proportional; one of two terms is also their quotient. */
    boolean ratio(Value.Ratio ratio, Value other) {
        Expression first = ratio.terms().get(0);
        if (other instanceof Value.Quantity quantity) {
            return ratio.terms().size() == 2
                    && functions.equal(Expression.quotient(first, ratio.terms().get(1)), quantity.expression());
        }
        if (!(other instanceof Value.Ratio second)
                || second.terms().size() != ratio.terms().size()) {
            return false;
        }
        for (int i = 1; i < ratio.terms().size(); i++) {
            Expression left = Expression.quotient(first, ratio.terms().get(i));
            Expression right =
                    Expression.quotient(second.terms().get(0), second.terms().get(i));
            if (!functions.equal(left, right)) {
                return false;
            }
        }
        return true;
    }

    /** Whether residues differ by a multiple of the modulus. */
    boolean congruent(Value.Congruence a, Value.Congruence b) {
        if (!functions.equal(a.modulus(), b.modulus())) {
            return false;
        }
        Expression turns = Expression.quotient(Expression.difference(a.residue(), b.residue()), a.modulus());
        return functions.equal(Expression.Call.of("floor", turns), turns);
    }
}
