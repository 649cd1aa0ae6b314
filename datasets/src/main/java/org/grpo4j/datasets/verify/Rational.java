package org.grpo4j.datasets.verify;

import java.math.BigInteger;

/**
 * An exact fraction in lowest terms with a positive denominator. Sizes are bounded by {@link Budget#BITS}; what grows
 * beyond is refused before it is computed.
 */
record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {

    static final Rational ZERO = of(0);
    static final Rational ONE = of(1);

    Rational {
        if (denominator.signum() == 0) {
            throw Unparsed.because("division by zero");
        }
        if (!denominator.equals(BigInteger.ONE)) {
            BigInteger divisor = numerator.gcd(denominator);
            if (denominator.signum() < 0) {
                divisor = divisor.negate();
            }
            if (!divisor.equals(BigInteger.ONE)) {
                numerator = numerator.divide(divisor);
                denominator = denominator.divide(divisor);
            }
        }
        if (bits(numerator, denominator) > Budget.BITS) {
            throw Unparsed.tooLarge("a number of " + bits(numerator, denominator) + " bits");
        }
    }

    static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    static Rational of(long numerator, long denominator) {
        return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /**
     * A numeral: {@code 12}, {@code .5}, {@code 12.75}, with an exponent ({@code 4.5e33}), or with a period in parentheses
     * ({@code 0.1(6)}).
     */
    static Rational ofNumeral(String numeral) {
        int e = Math.max(numeral.indexOf('e'), numeral.indexOf('E'));
        if (e >= 0) {
            return ofNumeral(numeral.substring(0, e)).times(tenTo(Integer.parseInt(numeral.substring(e + 1))));
        }
        int period = numeral.indexOf('(');
        if (period >= 0) {
            String digits = numeral.substring(period + 1, numeral.length() - 1);
            String before = numeral.substring(0, period);
            Rational shift = tenTo(before.indexOf('.') + 1 - before.length());
            Rational repeated = new Rational(
                    integer(digits), BigInteger.TEN.pow(digits.length()).subtract(BigInteger.ONE));
            return ofNumeral(before).plus(repeated.times(shift));
        }
        int point = numeral.indexOf('.');
        if (point < 0) {
            return new Rational(integer(numeral), BigInteger.ONE);
        }
        int places = numeral.length() - point - 1;
        return new Rational(integer(numeral.substring(0, point) + numeral.substring(point + 1)), BigInteger.ONE)
                .times(tenTo(-places));
    }

    static Rational tenTo(int exponent) {
        return of(10).power(exponent);
    }

    private static BigInteger integer(String digits) {
        return digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
    }

    Rational plus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational negate() {
        return new Rational(numerator.negate(), denominator);
    }

    Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Rational over(Rational other) {
        return new Rational(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    Rational power(int exponent) {
        long bits = Math.abs((long) exponent) * (bits(numerator, denominator) - 1);
        if (bits > Budget.BITS) {
            throw Unparsed.tooLarge("a power of about " + bits + " bits");
        }
        int size = Math.abs(exponent);
        return exponent >= 0
                ? new Rational(numerator.pow(size), denominator.pow(size))
                : new Rational(denominator.pow(size), numerator.pow(size));
    }

    boolean isInteger() {
        return denominator.equals(BigInteger.ONE);
    }

    boolean isZero() {
        return numerator.signum() == 0;
    }

    int signum() {
        return numerator.signum();
    }

    /** The greatest integer that is not above this number. */
    Rational floor() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
        return new Rational(floor, BigInteger.ONE);
    }

    /** Whether the decimal expansion ends. */
    boolean isFiniteDecimal() {
        BigInteger rest = denominator;
        BigInteger five = BigInteger.valueOf(5);
        rest = rest.shiftRight(rest.getLowestSetBit());
        while (rest.mod(five).signum() == 0) {
            rest = rest.divide(five);
        }
        return rest.equals(BigInteger.ONE);
    }

    /** An exponent that is small enough to be used as one. */
    int smallInteger() {
        if (!isInteger() || numerator.bitLength() > 30) {
            throw Unparsed.tooLarge("the exponent " + abbreviated());
        }
        return numerator.intValueExact();
    }

    int cost() {
        return 1 + bits(numerator, denominator) / 64;
    }

    private String abbreviated() {
        String text = toString();
        return text.length() <= 20 ? text : text.substring(0, 20) + "…";
    }

    private static int bits(BigInteger a, BigInteger b) {
        return Math.max(a.bitLength(), b.bitLength());
    }

    @Override
    public int compareTo(Rational other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    @Override
    public String toString() {
        return isInteger() ? numerator.toString() : numerator + "/" + denominator;
    }
}
