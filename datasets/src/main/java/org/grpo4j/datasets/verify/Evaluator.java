package org.grpo4j.datasets.verify;

import java.util.HashMap;
import java.util.Map;
import org.grpo4j.datasets.verify.Scalar.Exact;

/** The value of an expression at a point, within a budget. */
final class Evaluator {

    private static final int MOST_TERMS = 1_000;

    private final Budget budget;
    private final Arithmetic arithmetic;
    private final CallEvaluator calls;
    private final Map<String, Rational> point;

    /** @param digits significant digits of what is not exact
     *  @param point the values of the variables */
    Evaluator(int digits, Map<String, Rational> point, Budget budget) {
        this.budget = budget;
        this.arithmetic = new Arithmetic(digits, budget);
        this.calls = new CallEvaluator(arithmetic, budget);
        this.point = point;
    }

    /** Whether any number on the way was not real. */
    boolean hasLeftReals() {
        return arithmetic.hasLeftReals();
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    /** @throws Unparsed where the expression has no value, or none within the budget */
    Scalar value(Expression expression) {
        budget.spend(1);
        if (expression instanceof Expression.Numeral numeral) {
            return Exact.of(numeral.value());
        }
        if (expression instanceof Expression.Constant constant) {
            return switch (constant) {
                case PI -> arithmetic.transcendental().pi();
                case E -> arithmetic.transcendental().e();
                case I -> arithmetic.imaginaryUnit();
            };
        }
        if (expression instanceof Expression.Name name) {
            Rational value = point.get(name.name());
            if (value == null) {
                throw Unparsed.because("the variable " + name.name() + " where a number is needed");
            }
            return Exact.of(value);
        }
        if (expression instanceof Expression.Sum sum) {
            Scalar total = value(sum.terms().get(0));
            for (Expression term : sum.terms().subList(1, sum.terms().size())) {
                total = arithmetic.plus(total, value(term));
            }
            return total;
        }
        if (expression instanceof Expression.Product product) {
            Scalar total = value(product.factors().get(0));
            for (Expression factor :
                    product.factors().subList(1, product.factors().size())) {
                total = arithmetic.times(total, value(factor));
            }
            return total;
        }
        return compound(expression);
    }

    private Scalar compound(Expression expression) {
        if (expression instanceof Expression.Negative negative) {
            return arithmetic.negate(value(negative.of()));
        }
        if (expression instanceof Expression.Inverse inverse) {
            return arithmetic.inverse(value(inverse.of()));
        }
        if (expression instanceof Expression.Power power) {
            if (power.base() == Expression.Constant.E) {
                return arithmetic.exp(value(power.exponent()));
            }
            return arithmetic.power(value(power.base()), value(power.exponent()));
        }
        if (expression instanceof Expression.Root root) {
            return arithmetic.root(value(root.of()), value(root.degree()));
        }
        if (expression instanceof Expression.Degrees degrees) {
            return value(degrees.of());
        }
        if (expression instanceof Expression.Call call) {
            boolean degrees =
                    call.arguments().size() == 1 && hasDegrees(call.arguments().get(0));
            return calls.value(
                    call.function(), call.arguments().stream().map(this::value).toList(), degrees);
        }
        if (expression instanceof Expression.At at) {
            return at(at.of(), at.variable(), at.value());
        }
        if (expression instanceof Expression.Series series) {
            return series(series);
        }
        throw new IllegalStateException("no other kind of expression");
    }

    private Scalar at(Expression expression, String variable, Rational value) {
        Map<String, Rational> moved = new HashMap<>(point);
        moved.put(variable, value);
        return new Evaluator(arithmetic.digits(), moved, budget).value(expression);
    }

    private Scalar series(Expression.Series series) {
        int from = bound(value(series.from()));
        int to = bound(value(series.to()));
        if ((long) to - from > MOST_TERMS) {
            throw Unparsed.tooLarge("a series of more than " + MOST_TERMS + " terms");
        }
        boolean sum = series.function().equals("sum");
        Scalar total = sum ? Scalar.Exact.ZERO : Scalar.Exact.ONE;
        for (int i = from; i <= to; i++) {
            Scalar term = at(series.of(), series.variable(), Rational.of(i));
            total = sum ? arithmetic.plus(total, term) : arithmetic.times(total, term);
        }
        return total;
    }

    private static int bound(Scalar bound) {
        if (bound instanceof Exact exact && exact.isReal() && exact.re().isInteger()) {
            return exact.re().smallInteger();
        }
        throw Unparsed.because("a series between bounds that are no whole numbers");
    }

    private static boolean hasDegrees(Expression expression) {
        return expression instanceof Expression.Degrees
                || !(expression instanceof Expression.Call)
                        && expression.parts().stream().anyMatch(Evaluator::hasDegrees);
    }
}
