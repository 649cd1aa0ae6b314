package org.grpo4j.datasets.verify;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.grpo4j.datasets.verify.Scalar.Ball;
import org.grpo4j.datasets.verify.Scalar.Exact;

/** The values of functions with a name. */
final class CallEvaluator {

    private static final int LARGEST_FACTORIAL = 2_500;
    private static final BigDecimal CERTAINLY_WHOLE = new BigDecimal("1e-30");

    private final Arithmetic arithmetic;
    private final Transcendental transcendental;
    private final Budget budget;

    CallEvaluator(Arithmetic arithmetic, Budget budget) {
        this.arithmetic = arithmetic;
        this.transcendental = arithmetic.transcendental();
        this.budget = budget;
    }

    /** @param degrees whether the argument is an angle in degrees */
    Scalar value(String function, List<Scalar> arguments, boolean degrees) {
        Scalar a = arguments.get(0);
        return switch (function) {
            case "ln" -> arithmetic.log(a);
            case "log" -> logarithm(a, arguments.size() > 1 ? arguments.get(1) : Exact.of(Rational.of(10)));
            case "sin", "cos", "tan", "cot", "sec", "csc" -> trigonometric(function, degrees ? radians(a) : a);
            case "arcsin", "arccos", "arctan" -> inverse(function, a);
            case "arccot" ->
                arithmetic.minus(
                        arithmetic.times(transcendental.pi(), Exact.of(Rational.of(1, 2))), inverse("arctan", a));
            case "sinh", "cosh", "tanh" -> hyperbolic(function, a);
            case "abs" -> absolute(a);
            case "floor" -> floor(a);
            case "ceil" -> arithmetic.negate(floor(arithmetic.negate(a)));
            case "!" -> factorial(whole(a), 1);
            case "!!" -> factorial(whole(a), 2);
            case "binom" -> binomial(a, whole(arguments.get(1)));
            case "gcd", "lcm" -> divisors(function, arguments);
            case "max", "min" -> extreme(function, arguments);
            default -> throw Unparsed.because("the function " + function);
        };
    }

    private Scalar radians(Scalar degrees) {
        return arithmetic.times(arithmetic.times(degrees, Exact.of(Rational.of(1, 180))), transcendental.pi());
    }

    /** Exact for powers of a common base, so that the floor of log_2 8 is 3. */
    private Scalar logarithm(Scalar a, Scalar base) {
        if (a instanceof Exact x && base instanceof Exact b && x.isReal() && b.isReal()) {
            Rational size = b.re();
            Rational power = Rational.ONE;
            boolean grows = size.compareTo(Rational.ONE) > 0;
            for (int n = 0; grows && n < 64 && power.compareTo(x.re()) <= 0; n++) {
                if (power.equals(x.re())) {
                    return Exact.of(Rational.of(n));
                }
                budget.spend(power.cost());
                power = power.times(size);
            }
        }
        return arithmetic.times(arithmetic.log(a), arithmetic.inverse(arithmetic.log(base)));
    }

    private Scalar trigonometric(String function, Scalar angle) {
        if (Arithmetic.isExactZero(angle)) {
            return switch (function) {
                case "sin", "tan" -> Exact.ZERO;
                case "cos", "sec" -> Exact.ONE;
                default -> throw Unparsed.because(function + " of zero");
            };
        }
        Ball x = arithmetic.ball(angle);
        return switch (function) {
            case "sin" -> transcendental.sin(x);
            case "cos" -> transcendental.cos(x);
            case "tan" -> transcendental.times(transcendental.sin(x), transcendental.inverse(transcendental.cos(x)));
            case "cot" -> transcendental.times(transcendental.cos(x), transcendental.inverse(transcendental.sin(x)));
            case "sec" -> transcendental.inverse(transcendental.cos(x));
            default -> transcendental.inverse(transcendental.sin(x));
        };
    }

    private Scalar inverse(String function, Scalar a) {
        return Arithmetic.isExactZero(a) && !function.equals("arccos")
                ? Exact.ZERO
                : transcendental.inverseWave(function, arithmetic.ball(a));
    }

    private Scalar hyperbolic(String function, Scalar a) {
        Scalar up = arithmetic.exp(a);
        Scalar down = arithmetic.inverse(up);
        Scalar cosh = arithmetic.plus(up, down);
        Scalar sinh = arithmetic.minus(up, down);
        Scalar half = Exact.of(Rational.of(1, 2));
        return switch (function) {
            case "sinh" -> arithmetic.times(sinh, half);
            case "cosh" -> arithmetic.times(cosh, half);
            default -> arithmetic.times(sinh, arithmetic.inverse(cosh));
        };
    }

    private Scalar absolute(Scalar a) {
        if (a.isReal()) {
            return Arithmetic.isNegative(a) ? arithmetic.negate(a) : a;
        }
        if (a instanceof Exact x) {
            Scalar square = Exact.of(x.re().times(x.re()).plus(x.im().times(x.im())));
            return arithmetic.power(square, Exact.of(Rational.of(1, 2)));
        }
        Ball x = (Ball) a;
        return transcendental.real(transcendental.modulus(x), x.radius());
    }

    /** A number that cannot be told from a whole one is taken for it. */
    private static Scalar floor(Scalar a) {
        if (!a.isReal()) {
            throw Unparsed.because("the floor of a number that is not real");
        }
        if (a instanceof Exact x) {
            return Exact.of(x.re().floor());
        }
        Ball x = (Ball) a;
        if (x.radius().compareTo(CERTAINLY_WHOLE) > 0) {
            throw Unparsed.tooLarge("the floor of a number whose digits are lost");
        }
        BigDecimal above = x.re().add(x.radius());
        return Exact.of(new Rational(above.setScale(0, RoundingMode.FLOOR).toBigInteger(), BigInteger.ONE));
    }

    private static BigInteger whole(Scalar a) {
        if (a instanceof Exact x && x.isReal() && x.re().isInteger()) {
            return x.re().numerator();
        }
        throw Unparsed.because("a whole number is needed");
    }

    private Scalar factorial(BigInteger number, int step) {
        if (number.signum() < 0) {
            throw Unparsed.because("the factorial of a negative number");
        }
        if (number.bitLength() > 31 || number.intValueExact() > LARGEST_FACTORIAL) {
            throw Unparsed.tooLarge("a factorial beyond " + LARGEST_FACTORIAL);
        }
        BigInteger product = BigInteger.ONE;
        for (int n = number.intValueExact(); n > 1; n -= step) {
            budget.spend(1 + product.bitLength() / 512);
            product = product.multiply(BigInteger.valueOf(n));
        }
        return Exact.of(new Rational(product, BigInteger.ONE));
    }

    private Scalar binomial(Scalar top, BigInteger chosen) {
        if (chosen.signum() < 0) {
            return Exact.ZERO;
        }
        BigInteger k = chosen;
        if (top instanceof Exact x && x.isReal() && x.re().isInteger() && x.re().signum() >= 0) {
            BigInteger n = x.re().numerator();
            if (k.compareTo(n) > 0) {
                return Exact.ZERO;
            }
            k = k.min(n.subtract(k));
        }
        if (k.bitLength() > 31 || k.intValueExact() > LARGEST_FACTORIAL) {
            throw Unparsed.tooLarge("a binomial coefficient beyond " + LARGEST_FACTORIAL);
        }
        Scalar product = Exact.ONE;
        for (int i = 0; i < k.intValueExact(); i++) {
            Scalar factor = arithmetic.plus(top, Exact.of(Rational.of(-i)));
            product = arithmetic.times(arithmetic.times(product, factor), Exact.of(Rational.of(1, i + 1L)));
        }
        return product;
    }

    private static Scalar divisors(String function, List<Scalar> arguments) {
        BigInteger result = whole(arguments.get(0)).abs();
        for (Scalar argument : arguments) {
            BigInteger number = whole(argument).abs();
            BigInteger divisor = result.gcd(number);
            if (function.equals("gcd")) {
                result = divisor;
            } else if (divisor.signum() != 0) {
                result = result.multiply(number).divide(divisor);
            }
        }
        return Exact.of(new Rational(result, BigInteger.ONE));
    }

    private static Scalar extreme(String function, List<Scalar> arguments) {
        Rational best = null;
        for (Scalar argument : arguments) {
            if (!(argument instanceof Exact x) || !x.isReal()) {
                throw Unparsed.because("the " + function + " of numbers that are not rational");
            }
            boolean better = best == null || (x.re().compareTo(best) > 0) == function.equals("max");
            best = better ? x.re() : best;
        }
        return Exact.of(best == null ? Rational.ZERO : best);
    }
}
