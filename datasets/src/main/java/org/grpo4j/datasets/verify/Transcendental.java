package org.grpo4j.datasets.verify;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import org.grpo4j.datasets.verify.Scalar.Ball;

/**
 * Operations on discs. The real functions come from big-math, which rounds correctly up to a few last digits; complex
 * functions are made of them by the usual formulas.
 */
final class Transcendental {

    private static final BigDecimal LARGEST_EXPONENT = BigDecimal.valueOf(20_000);
    private static final BigDecimal LARGEST_ANGLE = BigDecimal.valueOf(1_000_000_000);
    private static final int MOST_PLACES = 10_000;
    private static final BigDecimal FIVE = BigDecimal.valueOf(5);
    private static final BigDecimal LARGEST_ORDER = BigDecimal.valueOf(200);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private final MathContext precision;
    private final Budget budget;
    private final BigDecimal unit;
    private final int cost;

    Transcendental(MathContext precision, Budget budget) {
        this.precision = precision;
        this.budget = budget;
        this.unit = BigDecimal.ONE.movePointLeft(precision.getPrecision() - 3);
        // An exponential of 40 digits takes some 50 µs, one of 100 digits 300 µs.
        this.cost = precision.getPrecision() * precision.getPrecision() / 30;
    }

    /** A bound of the error of a result of this size, generous by two digits; every result passes here. */
    BigDecimal rounding(BigDecimal size) {
        if (size.signum() != 0 && Math.abs((long) size.precision() - size.scale()) > MOST_PLACES) {
            throw Unparsed.tooLarge("a number of more than " + MOST_PLACES + " places");
        }
        return size.multiply(unit, Scalar.BOUND);
    }

    Ball pi() {
        budget.spend(1);
        return real(BigDecimalMath.pi(precision), BigDecimal.ZERO);
    }

    Ball e() {
        budget.spend(1);
        return real(BigDecimalMath.e(precision), BigDecimal.ZERO);
    }

    Ball real(BigDecimal value, BigDecimal error) {
        return new Ball(value, BigDecimal.ZERO, error.add(rounding(value.abs()), Scalar.BOUND));
    }

    private Ball complex(BigDecimal re, BigDecimal im, BigDecimal error) {
        return new Ball(re, im, error.add(rounding(re.abs().add(im.abs())), Scalar.BOUND));
    }

    Ball plus(Ball a, Ball b) {
        budget.spend(2);
        BigDecimal error = a.radius().add(b.radius(), Scalar.BOUND);
        // What is lost is small beside the greater of both, not beside a sum that may be nearly nothing.
        error = error.add(rounding(a.size().max(b.size())), Scalar.BOUND);
        return complex(a.re().add(b.re(), precision), a.im().add(b.im(), precision), error);
    }

    Ball negate(Ball a) {
        return new Ball(a.re().negate(), a.im().negate(), a.radius());
    }

    Ball times(Ball a, Ball b) {
        budget.spend(3);
        BigDecimal x = a.size();
        BigDecimal y = b.size();
        BigDecimal error = x.multiply(b.radius(), Scalar.BOUND)
                .add(y.multiply(a.radius(), Scalar.BOUND), Scalar.BOUND)
                .add(a.radius().multiply(b.radius(), Scalar.BOUND), Scalar.BOUND)
                .add(rounding(x.multiply(y, Scalar.BOUND)), Scalar.BOUND);
        if (a.isReal() && b.isReal()) {
            return new Ball(a.re().multiply(b.re(), precision), BigDecimal.ZERO, error);
        }
        BigDecimal re = a.re().multiply(b.re(), precision).subtract(a.im().multiply(b.im(), precision), precision);
        BigDecimal im = a.re().multiply(b.im(), precision).add(a.im().multiply(b.re(), precision), precision);
        return new Ball(re, im, error);
    }

    Ball inverse(Ball a) {
        budget.spend(4);
        BigDecimal distance = distanceFromZero(a);
        BigDecimal error = a.radius()
                .divide(distance.multiply(distance, Scalar.BOUND), Scalar.BOUND)
                .multiply(TWO, Scalar.BOUND);
        if (a.isReal()) {
            return real(BigDecimal.ONE.divide(a.re(), precision), error);
        }
        BigDecimal square = a.re().multiply(a.re(), precision).add(a.im().multiply(a.im(), precision), precision);
        return complex(a.re().divide(square, precision), a.im().negate().divide(square, precision), error);
    }

    /** A lower bound of the distance of the disc from zero. */
    private static BigDecimal distanceFromZero(Ball a) {
        BigDecimal distance = a.re().abs().max(a.im().abs()).subtract(a.radius().multiply(TWO));
        if (distance.signum() <= 0) {
            throw Unparsed.because("division by zero");
        }
        return distance;
    }

    Ball squareRoot(Ball a) {
        budget.spend(cost / 4 + 1);
        if (a.mayBeZero()) {
            BigDecimal error =
                    a.radius().signum() == 0 ? BigDecimal.ZERO : a.radius().sqrt(Scalar.BOUND);
            return new Ball(BigDecimal.ZERO, BigDecimal.ZERO, error.multiply(TWO));
        }
        BigDecimal size = modulus(a);
        BigDecimal error =
                a.radius().divide(size.sqrt(Scalar.BOUND), Scalar.BOUND).multiply(TWO, Scalar.BOUND);
        if (a.isReal()) {
            BigDecimal root = size.sqrt(precision);
            return a.re().signum() > 0 ? real(root, error) : complex(BigDecimal.ZERO, root, error);
        }
        // Of both halves the larger is taken from the sum, the smaller from the product, so that nothing cancels.
        BigDecimal larger = size.add(a.re().abs()).divide(TWO, precision).sqrt(precision);
        BigDecimal smaller = a.im().abs().divide(larger.multiply(TWO), precision);
        BigDecimal re = a.re().signum() >= 0 ? larger : smaller;
        BigDecimal im = a.re().signum() >= 0 ? smaller : larger;
        return complex(re, a.im().signum() < 0 ? im.negate() : im, error);
    }

    /** The distance of the centre from zero. */
    BigDecimal modulus(Ball a) {
        if (a.isReal()) {
            return a.re().abs();
        }
        return a.re().multiply(a.re()).add(a.im().multiply(a.im()), precision).sqrt(precision);
    }

    Ball exp(Ball a) {
        budget.spend(cost);
        bounded(a.re(), LARGEST_EXPONENT);
        BigDecimal size = BigDecimalMath.exp(a.re(), precision);
        BigDecimal error = size.multiply(spread(a), Scalar.BOUND);
        if (a.isReal()) {
            return real(size, error);
        }
        bounded(a.im(), LARGEST_ANGLE);
        budget.spend(2 * cost);
        return complex(
                size.multiply(BigDecimalMath.cos(a.im(), precision), precision),
                size.multiply(BigDecimalMath.sin(a.im(), precision), precision),
                error.add(rounding(size), Scalar.BOUND));
    }

    Ball log(Ball a) {
        budget.spend(cost);
        BigDecimal error = a.radius().divide(distanceFromZero(a), Scalar.BOUND).multiply(TWO, Scalar.BOUND);
        BigDecimal re = logarithm(modulus(a));
        // A logarithm near zero loses what the argument does not have, a large one what its power of ten adds.
        error = error.add(unit).add(rounding(re.abs()));
        if (a.isReal() && a.re().signum() > 0) {
            return real(re, error);
        }
        budget.spend(2 * cost);
        bounded(BigDecimal.valueOf(exponent(a.re()) - exponent(a.im())), LARGEST_ORDER);
        return complex(re, BigDecimalMath.atan2(a.im(), a.re(), precision), error);
    }

    Ball sin(Ball a) {
        return wave(a, true);
    }

    Ball cos(Ball a) {
        return wave(a, false);
    }

    private Ball wave(Ball a, boolean sine) {
        budget.spend(cost);
        bounded(a.re(), LARGEST_ANGLE);
        BigDecimal error = spread(a).add(unit);
        BigDecimal own = sine ? sine(a.re()) : cosine(a.re());
        if (a.isReal()) {
            return real(own, error);
        }
        bounded(a.im(), LARGEST_EXPONENT);
        budget.spend(2 * cost);
        BigDecimal other = sine ? cosine(a.re()) : sine(a.re()).negate();
        BigDecimal up = BigDecimalMath.exp(a.im(), precision);
        BigDecimal down = BigDecimal.ONE.divide(up, precision);
        BigDecimal cosh = up.add(down).divide(TWO, precision);
        BigDecimal sinh = up.subtract(down).divide(TWO, precision);
        return complex(
                own.multiply(cosh, precision), other.multiply(sinh, precision), error.multiply(cosh, Scalar.BOUND));
    }

    /** What is too small to be told from its sine would only make the series slow. */
    private BigDecimal sine(BigDecimal angle) {
        return isTiny(angle) ? angle : BigDecimalMath.sin(angle, precision);
    }

    private BigDecimal cosine(BigDecimal angle) {
        return isTiny(angle) ? BigDecimal.ONE : BigDecimalMath.cos(angle, precision);
    }

    private boolean isTiny(BigDecimal value) {
        return value.signum() == 0 || exponent(value) < -precision.getPrecision();
    }

    /** The order of magnitude: of 12.3 it is 2. */
    private static long exponent(BigDecimal value) {
        return (long) value.precision() - value.scale();
    }

    /**
     * The power of ten is taken out first: the library is slow far from 1. Its logarithm of ten itself is right to 60
     * digits only, those of 2 and 5 to all.
     */
    private BigDecimal logarithm(BigDecimal value) {
        int exponent = Math.toIntExact(exponent(value) - 1);
        BigDecimal mantissa = BigDecimalMath.log(value.movePointLeft(exponent), precision);
        if (exponent == 0) {
            return mantissa;
        }
        BigDecimal ten = BigDecimalMath.log(TWO, precision).add(BigDecimalMath.log(FIVE, precision));
        return ten.multiply(BigDecimal.valueOf(exponent)).add(mantissa, precision);
    }

    /** The inverse functions of the real line. */
    Ball inverseWave(String function, Ball a) {
        budget.spend(4 * cost);
        if (!a.isReal()) {
            throw Unparsed.because(function + " of a number that is not real");
        }
        bounded(BigDecimal.valueOf(exponent(a.re())), LARGEST_ORDER);
        if (function.equals("arctan")) {
            return real(BigDecimalMath.atan(a.re(), precision), a.radius().add(unit));
        }
        BigDecimal slack = BigDecimal.ONE.subtract(a.re().abs());
        if (slack.compareTo(a.radius().negate()) < 0) {
            throw Unparsed.because(function + " of a number beyond 1");
        }
        BigDecimal inside = slack.signum() < 0 ? BigDecimal.valueOf(a.re().signum()) : a.re();
        // The slope is 1/√(1-x²); at the ends the error is that of a square root.
        BigDecimal error = slack.compareTo(a.radius()) <= 0
                ? a.radius().multiply(TWO).sqrt(Scalar.BOUND).multiply(TWO)
                : a.radius().divide(slack.sqrt(Scalar.BOUND), Scalar.BOUND).multiply(TWO);
        BigDecimal value = function.equals("arcsin")
                ? BigDecimalMath.asin(inside, precision)
                : BigDecimalMath.acos(inside, precision);
        return real(value, error.add(unit));
    }

    /** How far a function of slope 1 in logarithm may be off: e^r - 1, at most 2r for small r. */
    private static BigDecimal spread(Ball a) {
        if (a.radius().compareTo(BigDecimal.ONE) >= 0) {
            throw Unparsed.tooLarge("a number whose digits are lost");
        }
        return a.radius().multiply(TWO, Scalar.BOUND);
    }

    private static void bounded(BigDecimal value, BigDecimal bound) {
        if (value.abs().compareTo(bound) > 0) {
            throw Unparsed.tooLarge("an exponent or angle beyond " + bound);
        }
    }
}
