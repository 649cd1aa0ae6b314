package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A complex number: exact while only rationals met, else a disc that holds the true value. */
sealed interface Scalar {

    /** Rounds bounds of errors, always away from zero. */
    MathContext BOUND = new MathContext(4, RoundingMode.UP);

    /** Whether the imaginary part is exactly zero. */
    boolean isReal();

    /** @param re real part
     *  @param im imaginary part */
    record Exact(Rational re, Rational im) implements Scalar {

        static final Exact ZERO = of(Rational.ZERO);
        static final Exact ONE = of(Rational.ONE);

        static Exact of(Rational value) {
            return new Exact(value, Rational.ZERO);
        }

        @Override
        public boolean isReal() {
            return im.isZero();
        }

        boolean isZero() {
            return re.isZero() && im.isZero();
        }

        @Override
        public String toString() {
            return im.isZero() ? re.toString() : re + " + " + im + "i";
        }
    }

    /**
     * A disc.
     *
     * @param re real part of the centre
     * @param im imaginary part of the centre
     * @param radius greatest distance of the true value from the centre
     */
    record Ball(BigDecimal re, BigDecimal im, BigDecimal radius) implements Scalar {

        @Override
        public boolean isReal() {
            return im.signum() == 0;
        }

        /** A bound of the distance of the centre from zero: at least it, at most √2 times it. */
        BigDecimal size() {
            return re.abs().add(im.abs(), BOUND);
        }

        /** Whether zero may be the true value. */
        boolean mayBeZero() {
            return re.abs().compareTo(radius) <= 0 && im.abs().compareTo(radius) <= 0;
        }

        @Override
        public String toString() {
            MathContext shown = new MathContext(12);
            BigDecimal real = re.round(shown).stripTrailingZeros();
            return isReal() ? real.toString() : real + " + " + im.round(shown).stripTrailingZeros() + "i";
        }
    }
}
