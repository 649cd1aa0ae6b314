package org.grpo4j.datasets.verify;

import org.jspecify.annotations.Nullable;

/** The exact value of an expression, within a budget. */
final class Evaluator {

    private final Budget budget;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    Quotient value(Expression expression) {
        budget.spend(1);
        if (expression instanceof Expression.Numeral numeral) {
            return Quotient.of(Rational.ofDecimal(numeral.digits()));
        }
        if (expression instanceof Expression.Name name) {
            return name(name.name());
        }
        if (expression instanceof Expression.Negative negative) {
            return value(negative.of()).negate();
        }
        if (expression instanceof Expression.Inverse inverse) {
            return value(inverse.of()).inverse(budget);
        }
        if (expression instanceof Expression.Sum sum) {
            return sum.terms().stream()
                    .map(this::value)
                    .reduce(Quotient.of(Polynomial.ZERO), (a, b) -> a.plus(b, budget));
        }
        if (expression instanceof Expression.Product product) {
            return product.factors().stream()
                    .map(this::value)
                    .reduce(Quotient.of(Polynomial.ONE), (a, b) -> a.times(b, budget));
        }
        if (expression instanceof Expression.Power power) {
            return power(value(power.base()), value(power.exponent()));
        }
        if (expression instanceof Expression.Call call) {
            return call.argument() instanceof Expression.Degrees degrees
                    ? Functions.callInDegrees(call.function(), value(degrees.of()), budget)
                    : Functions.call(call.function(), value(call.argument()), budget);
        }
        throw Unparsed.because("degrees inside an expression");
    }

    private static Quotient name(String name) {
        if (name.equals(Atoms.INFINITY)) {
            // Infinity has no arithmetic: infinity minus infinity must not become zero.
            throw Unparsed.because("infinity inside an expression");
        }
        return Functions.atom(name);
    }

    private Quotient power(Quotient base, Quotient exponent) {
        Rational number = exponent.constant();
        if (number != null && number.isInteger()) {
            return integerPower(base, number.smallInteger());
        }
        Polynomial root = number == null ? null : fractionalPower(base, number);
        return root == null ? symbolicPower(base, exponent) : Quotient.of(root);
    }

    private @Nullable Polynomial fractionalPower(Quotient base, Rational exponent) {
        Rational number = base.constant();
        if (number != null) {
            return Functions.power(number, exponent, budget);
        }
        if (!base.denominator().equals(Polynomial.ONE) || !base.numerator().isOneTerm()) {
            return null;
        }
        Monomial monomial = base.numerator().terms().firstKey();
        Rational coefficient = base.numerator().terms().values().iterator().next();
        // (x^2)^(1/2) is |x|, not x: exponents multiply only over positive numbers.
        if (!monomial.isPositive() || coefficient.signum() < 0) {
            return null;
        }
        Polynomial outer = Functions.power(coefficient, exponent, budget);
        return outer == null ? null : outer.times(Polynomial.of(monomial.power(exponent)), budget);
    }

    private Quotient integerPower(Quotient base, int exponent) {
        if (base.numerator().isZero() && exponent <= 0) {
            throw Unparsed.because("zero to the power " + exponent);
        }
        if (exponent < 0) {
            return integerPower(base, -exponent).inverse(budget);
        }
        if (base.denominator().equals(Polynomial.ONE) && base.numerator().isOneTerm()) {
            Monomial monomial = base.numerator().terms().firstKey();
            Rational coefficient = base.numerator().terms().values().iterator().next();
            Monomial.Scaled scaled = monomial.power(Rational.of(exponent));
            Rational factor = coefficient.power(exponent).times(scaled.factor());
            return Quotient.of(Polynomial.of(factor, scaled.monomial()));
        }
        Quotient product = Quotient.of(Polynomial.ONE);
        for (int i = 0; i < exponent; i++) {
            budget.spend(1);
            product = product.times(base, budget);
        }
        return product;
    }

    /** 2^(n+1) is 2 times the atom 2^n: the whole part of the exponent comes out, the rest stays symbolic. */
    private Quotient symbolicPower(Quotient base, Quotient exponent) {
        Rational whole = exponent.denominator().equals(Polynomial.ONE)
                ? exponent.numerator().constantTerm().floor()
                : Rational.ZERO;
        Quotient rest = exponent.plus(Quotient.of(whole.negate()), budget);
        Quotient outer = integerPower(base, whole.smallInteger());
        return outer.times(Functions.atom("pow(" + base + "," + rest + ")"), budget);
    }
}
