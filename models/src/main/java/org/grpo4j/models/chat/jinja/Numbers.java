package org.grpo4j.models.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's integers, which have no bounds, and floats. */
final class Numbers {

    /** Integers beyond this have no place in a chat and would cost time without bound. */
    private static final int MOST_BITS = 10_000;

    private Numbers() {}

    static BigInteger of(long number) {
        return BigInteger.valueOf(number);
    }

    /** An integer or a boolean as one. */
    static BigInteger integer(Object value) {
        if (value instanceof BigInteger number) {
            return number;
        } else if (value instanceof Boolean flag) {
            return flag ? BigInteger.ONE : BigInteger.ZERO;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new TemplateException("'" + Types.name(value) + "' object cannot be interpreted as an integer");
    }

    /** An integer as an index or count; values beyond Java's range become its ends. */
    static int index(Object value) {
        BigInteger number = integer(value);
        if (number.bitLength() < 32) {
            return number.intValue();
        }
        return number.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    static double real(Object value) {
        return value instanceof Double number ? number : integer(value).doubleValue();
    }

    static BigInteger bounded(BigInteger number) {
        if (number.bitLength() > MOST_BITS) {
            throw new TemplateException("a number has more than " + MOST_BITS + " bits");
        }
        return number;
    }

    static BigInteger power(BigInteger base, BigInteger exponent) {
        int times = index(exponent);
        if ((long) base.bitLength() * times > MOST_BITS) {
            boolean trivial = base.abs().compareTo(BigInteger.ONE) <= 0;
            if (!trivial) {
                throw new TemplateException("a number has more than " + MOST_BITS + " bits");
            }
            boolean odd = exponent.testBit(0);
            return base.signum() >= 0 || odd ? base : BigInteger.ONE;
        }
        return base.pow(times);
    }

    static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    static double floorModulo(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0.0, b);
        }
        return (b < 0) == (remainder < 0) ? remainder : remainder + b;
    }

    static double floorDivide(double a, double b) {
        double modulo = floorModulo(a, b);
        double quotient = (a - modulo) / b;
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    /** Exact comparison of an integer with a float, which a conversion to either would not give. */
    static int compare(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double x = a instanceof Double number ? number : 0;
            double y = b instanceof Double number ? number : 0;
            boolean special = !Double.isFinite(x) || !Double.isFinite(y);
            if (special) {
                return Double.compare(x, y);
            }
            return decimal(a).compareTo(decimal(b));
        }
        return integer(a).compareTo(integer(b));
    }

    private static BigDecimal decimal(Object value) {
        return value instanceof Double number ? new BigDecimal(number) : new BigDecimal(integer(value));
    }

    /** Python's {@code repr(float)}: the fewest digits that give the number back. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == Math.abs(value)) {
                break;
            }
        }
        String digits = shortest.unscaledValue().toString().replaceAll("0+$", "");
        int exponent = shortest.precision() - shortest.scale() - 1;
        return (value < 0 ? "-" : "")
                + (exponent < -4 || exponent >= 16 ? scientific(digits, exponent) : plain(digits, exponent));
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String sign = exponent < 0 ? "-" : "+";
        return mantissa + "e" + sign + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String plain(String digits, int exponent) {
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        String padded = digits + "0".repeat(Math.max(0, exponent + 2 - digits.length()));
        return padded.substring(0, exponent + 1) + "." + padded.substring(exponent + 1);
    }
}
