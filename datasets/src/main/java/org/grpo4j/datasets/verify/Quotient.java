package org.grpo4j.datasets.verify;

import org.jspecify.annotations.Nullable;

/**
 * A polynomial over another: the value of an expression, exact, as a function of its variables. Not brought to lowest
 * terms; two quotients are compared by cross-multiplication.
 */
record Quotient(Polynomial numerator, Polynomial denominator) {

    Quotient {
        if (denominator.isZero()) {
            throw Unparsed.because("division by zero");
        }
    }

    static Quotient of(Polynomial polynomial) {
        return new Quotient(polynomial, Polynomial.ONE);
    }

    static Quotient of(Rational value) {
        return of(Polynomial.of(value));
    }

    Quotient plus(Quotient other, Budget budget) {
        if (denominator.equals(other.denominator)) {
            return new Quotient(numerator.plus(other.numerator, budget), denominator);
        }
        Polynomial left = numerator.times(other.denominator, budget);
        Polynomial right = other.numerator.times(denominator, budget);
        return new Quotient(left.plus(right, budget), denominator.times(other.denominator, budget));
    }

    Quotient negate() {
        return new Quotient(numerator.negate(), denominator);
    }

    Quotient times(Quotient other, Budget budget) {
        return new Quotient(numerator.times(other.numerator, budget), denominator.times(other.denominator, budget));
    }

    Quotient inverse(Budget budget) {
        if (numerator.isOneTerm()) {
            Monomial monomial = numerator.terms().firstKey();
            Rational coefficient = numerator.terms().values().iterator().next();
            Monomial.Scaled inverse = monomial.power(Rational.of(-1));
            Polynomial factor = Polynomial.of(inverse.factor().over(coefficient), inverse.monomial());
            return of(denominator.times(factor, budget));
        }
        return new Quotient(denominator, numerator);
    }

    boolean isEqualTo(Quotient other, Budget budget) {
        return numerator.times(other.denominator, budget).equals(other.numerator.times(denominator, budget));
    }

    /** The number this is, or null when it is not plainly rational. */
    @Nullable
    Rational constant() {
        return denominator.equals(Polynomial.ONE) ? numerator.constant() : null;
    }

    boolean hasVariable() {
        return numerator.hasVariable() || denominator.hasVariable();
    }

    @Override
    public String toString() {
        return denominator.equals(Polynomial.ONE) ? numerator.toString() : "(" + numerator + ")/(" + denominator + ")";
    }
}
