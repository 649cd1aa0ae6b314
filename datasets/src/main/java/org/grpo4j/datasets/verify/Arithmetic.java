package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.grpo4j.datasets.verify.Scalar.Ball;
import org.grpo4j.datasets.verify.Scalar.Exact;
import org.jspecify.annotations.Nullable;

/**
 * The four operations and powers of complex numbers, exact as long as both numbers are, else on discs that are widened by
 * every rounding, so that numbers whose discs do not touch are certainly different.
 */
final class Arithmetic {

    private static final int LARGEST_EXPONENT = 1_000_000;

    private final MathContext precision;
    private final Budget budget;
    private final Transcendental transcendental;
    private boolean leftReals;

    /** @param digits significant decimal digits of what is not exact */
    Arithmetic(int digits, Budget budget) {
        this.precision = new MathContext(digits);
        this.budget = budget;
        this.transcendental = new Transcendental(precision, budget);
    }

    /** Whether a number since the last {@link #startInReals} was not real. */
    boolean hasLeftReals() {
        return leftReals;
    }

    void startInReals() {
        leftReals = false;
    }

    Scalar plus(Scalar a, Scalar b) {
        if (a instanceof Exact x && b instanceof Exact y) {
            budget.spend(x.re().cost() + y.re().cost());
            boolean real = x.isReal() && y.isReal();
            return new Exact(x.re().plus(y.re()), real ? Rational.ZERO : x.im().plus(y.im()));
        }
        return transcendental.plus(ball(a), ball(b));
    }

    Scalar negate(Scalar a) {
        if (a instanceof Exact x) {
            return new Exact(x.re().negate(), x.im().negate());
        }
        Ball x = (Ball) a;
        return new Ball(x.re().negate(), x.im().negate(), x.radius());
    }

    Scalar minus(Scalar a, Scalar b) {
        return plus(a, negate(b));
    }

    Scalar times(Scalar a, Scalar b) {
        if (a instanceof Exact x && b instanceof Exact y) {
            budget.spend(x.re().cost() + y.re().cost());
            if (x.isReal() && y.isReal()) {
                return Exact.of(x.re().times(y.re()));
            }
            return new Exact(
                    x.re().times(y.re()).plus(x.im().times(y.im()).negate()),
                    x.re().times(y.im()).plus(x.im().times(y.re())));
        }
        if (isExactZero(a) || isExactZero(b)) {
            return Exact.ZERO;
        }
        return transcendental.times(ball(a), ball(b));
    }

    Scalar inverse(Scalar a) {
        if (!(a instanceof Exact x)) {
            return transcendental.inverse((Ball) a);
        }
        budget.spend(x.re().cost());
        if (x.isReal()) {
            return Exact.of(Rational.ONE.over(x.re()));
        }
        Rational square = x.re().times(x.re()).plus(x.im().times(x.im()));
        return new Exact(x.re().over(square), x.im().negate().over(square));
    }

    /** The principal value of a to the power b. */
    Scalar power(Scalar a, Scalar b) {
        if (b instanceof Exact exponent && exponent.isReal()) {
            return exponent.re().isInteger() ? integerPower(a, exponent.re()) : rationalPower(a, exponent.re());
        }
        if (isExactZero(a)) {
            throw Unparsed.because("zero to a power that is no number");
        }
        return exp(times(b, log(a)));
    }

    Scalar exp(Scalar a) {
        return isExactZero(a) ? Exact.ONE : transcendental.exp(ball(a));
    }

    int digits() {
        return precision.getPrecision();
    }

    private Scalar integerPower(Scalar a, Rational exponent) {
        if (exponent.isZero() || exponent.signum() < 0) {
            if (isExactZero(a)) {
                throw Unparsed.because("zero to the power " + exponent);
            }
            return exponent.isZero() ? Exact.ONE : inverse(integerPower(a, exponent.negate()));
        }
        int n = exponent.smallInteger();
        if (a instanceof Exact x && x.isReal()) {
            try {
                Rational power = x.re().power(n);
                budget.spend(power.cost());
                return Exact.of(power);
            } catch (Unparsed tooLarge) {
                // Too long to write down, but not too large to be compared with something far from it.
                if (n > LARGEST_EXPONENT) {
                    throw tooLarge;
                }
            }
        }
        if (n > LARGEST_EXPONENT) {
            throw Unparsed.tooLarge("the exponent " + n);
        }
        Scalar square = a instanceof Exact x && x.isReal() ? ball(a) : a;
        Scalar product = Exact.ONE;
        for (int bits = n; bits > 0; bits >>= 1) {
            product = (bits & 1) == 1 ? times(product, square) : product;
            square = bits > 1 ? times(square, square) : square;
        }
        return product;
    }

    private Scalar rationalPower(Scalar a, Rational exponent) {
        if (isExactZero(a)) {
            if (exponent.signum() < 0) {
                throw Unparsed.because("zero to the power " + exponent);
            }
            return Exact.ZERO;
        }
        if (exponent.equals(Rational.of(1, 2))) {
            return squareRoot(a);
        }
        if (a instanceof Exact x && x.isReal() && x.re().signum() > 0) {
            Rational root = exactRoot(x.re(), exponent.denominator());
            if (root != null) {
                return integerPower(Exact.of(root), new Rational(exponent.numerator(), BigInteger.ONE));
            }
        }
        return noted(a, exp(times(Exact.of(exponent), log(a))));
    }

    /** The root that a root sign means: real for real numbers where there is a real one. */
    Scalar root(Scalar a, Scalar degree) {
        boolean odd = degree instanceof Exact n
                && n.isReal()
                && n.re().isInteger()
                && n.re().numerator().testBit(0);
        Scalar exponent = inverse(degree);
        if (odd && isNegative(a)) {
            return negate(power(negate(a), exponent));
        }
        return power(a, exponent);
    }

    private Scalar squareRoot(Scalar a) {
        if (a instanceof Exact x && x.isReal()) {
            Rational size = x.re().signum() < 0 ? x.re().negate() : x.re();
            Rational root = exactRoot(size, BigInteger.TWO);
            if (root != null) {
                leftReals |= x.re().signum() < 0;
                return x.re().signum() < 0 ? new Exact(Rational.ZERO, root) : Exact.of(root);
            }
        }
        return noted(a, transcendental.squareRoot(ball(a)));
    }

    Scalar log(Scalar a) {
        if (a instanceof Exact x && x.equals(Exact.ONE)) {
            return Exact.ZERO;
        }
        return noted(a, transcendental.log(ball(a)));
    }

    Scalar imaginaryUnit() {
        leftReals = true;
        return new Exact(Rational.ZERO, Rational.ONE);
    }

    private Scalar noted(Scalar argument, Scalar result) {
        leftReals |= argument.isReal() && !result.isReal();
        return result;
    }

    Transcendental transcendental() {
        return transcendental;
    }

    Ball ball(Scalar a) {
        if (a instanceof Exact x) {
            BigDecimal re = decimal(x.re());
            BigDecimal im = decimal(x.im());
            return new Ball(re, im, transcendental.rounding(re.abs().add(im.abs())));
        }
        return (Ball) a;
    }

    private BigDecimal decimal(Rational value) {
        if (value.isZero()) {
            return BigDecimal.ZERO;
        }
        budget.spend(value.cost());
        return new BigDecimal(value.numerator()).divide(new BigDecimal(value.denominator()), precision);
    }

    static boolean isExactZero(Scalar a) {
        return a instanceof Exact x && x.isZero();
    }

    static boolean isNegative(Scalar a) {
        return a instanceof Exact x
                ? x.isReal() && x.re().signum() < 0
                : a.isReal() && ((Ball) a).re().signum() < 0;
    }

    /** The positive root if it is rational, else null. */
    private @Nullable Rational exactRoot(Rational value, BigInteger degree) {
        if (degree.bitLength() > 6) {
            return null;
        }
        int n = degree.intValueExact();
        BigInteger top = integerRoot(value.numerator(), n);
        BigInteger bottom = top == null ? null : integerRoot(value.denominator(), n);
        return top == null || bottom == null ? null : new Rational(top, bottom);
    }

    private @Nullable BigInteger integerRoot(BigInteger value, int n) {
        budget.spend(1 + value.bitLength() / 64);
        BigInteger root = n == 2 ? value.sqrt() : newton(value, n);
        return root.pow(n).equals(value) ? root : null;
    }

    /** The floor of the n-th root, by Newton's iteration from above. */
    private BigInteger newton(BigInteger value, int n) {
        if (value.signum() == 0 || value.equals(BigInteger.ONE)) {
            return value;
        }
        BigInteger degree = BigInteger.valueOf(n);
        BigInteger guess = BigInteger.ONE.shiftLeft(value.bitLength() / n + 1);
        while (true) {
            budget.spend(1 + value.bitLength() / 64);
            BigInteger next = guess.multiply(BigInteger.valueOf(n - 1L))
                    .add(value.divide(guess.pow(n - 1)))
                    .divide(degree);
            if (next.compareTo(guess) >= 0) {
                return guess;
            }
            guess = next;
        }
    }
}
