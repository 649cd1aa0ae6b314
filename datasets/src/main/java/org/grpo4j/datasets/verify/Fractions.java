package org.grpo4j.datasets.verify;

/** Shapes of written fractions. */
final class Fractions {

    private Fractions() {}

    /** A numeral over a greater numeral, the kind that a whole number may stand before. */
    static boolean isOfNumerals(Expression expression) {
        return expression instanceof Expression.Product product
                && product.factors().size() == 2
                && product.factors().get(0) instanceof Expression.Numeral top
                && product.factors().get(1) instanceof Expression.Inverse inverse
                && inverse.of() instanceof Expression.Numeral bottom
                && Rational.ofDecimal(top.digits()).compareTo(Rational.ofDecimal(bottom.digits())) < 0;
    }
}
