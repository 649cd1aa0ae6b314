package org.grpo4j.datasets.verify;

import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Functions and roots by exact rules; where no rule is known the call stays an atom of its own. */
final class Functions {

    static final Set<String> NAMES = Set.of(
            "ln", "log", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
            "tanh");

    private static final long LARGEST_TRIAL_DIVISOR = 10_000;

    /** Sines of 0°, 30°, 45°, 60°, 90°; the prime under the root and the factor before it. */
    private static final Map<Integer, Polynomial> SINES = Map.of(
            0, Polynomial.ZERO,
            30, Polynomial.of(Rational.of(1, 2)),
            45, Polynomial.of(Rational.of(1, 2), Monomial.of(Monomial.primeAtom(2), Rational.of(1, 2))),
            60, Polynomial.of(Rational.of(1, 2), Monomial.of(Monomial.primeAtom(3), Rational.of(1, 2))),
            90, Polynomial.ONE);

    private Functions() {}

    static Quotient call(String function, Quotient argument, Budget budget) {
        Rational number = argument.constant();
        if (function.equals("ln") && number != null && number.signum() > 0) {
            return Quotient.of(logarithm(number, budget));
        }
        if (function.equals("exp")) {
            throw Unparsed.because("exp is written as a power");
        }
        if (function.equals("ln") && argument.equals(atom(Atoms.E))) {
            return Quotient.of(Rational.ONE);
        }
        return atom(function + "(" + argument + ")");
    }

    static Quotient callInDegrees(String function, Quotient angle, Budget budget) {
        Rational degrees = angle.constant();
        if (degrees == null || !degrees.isInteger()) {
            throw Unparsed.because("an angle that is no whole number of degrees");
        }
        int turn = degrees.numerator().mod(Rational.of(360).numerator()).intValueExact();
        return switch (function) {
            case "sin" -> Quotient.of(sine(turn));
            case "cos" -> Quotient.of(sine(turn + 90));
            case "tan" ->
                Quotient.of(sine(turn)).times(Quotient.of(sine(turn + 90)).inverse(budget), budget);
            default -> throw Unparsed.because(function + " of degrees");
        };
    }

    private static Polynomial sine(int degrees) {
        int turn = Math.floorMod(degrees, 360);
        int half = turn % 180;
        Polynomial value = SINES.get(Math.min(half, 180 - half));
        if (value == null) {
            throw Unparsed.because("the sine of " + degrees + " degrees");
        }
        return turn < 180 ? value : value.negate();
    }

    /** An atom's name holds its argument, so names of names could grow without end. */
    static Quotient atom(String name) {
        if (name.length() > Budget.LENGTH) {
            throw Unparsed.tooLarge("a function of a long expression");
        }
        return Quotient.of(Polynomial.of(Rational.ONE, Monomial.of(name)));
    }

    /** ln of a positive rational as a sum of logarithms of primes, so that ln 8 and 3 ln 2 are the same. */
    private static Polynomial logarithm(Rational number, Budget budget) {
        Polynomial sum = Polynomial.ZERO;
        for (Map.Entry<Long, Integer> factor : primeFactors(number, budget).entrySet()) {
            Monomial logarithm = Monomial.of("ln(" + factor.getKey() + ")");
            sum = sum.plus(Polynomial.of(Rational.of(factor.getValue()), logarithm), budget);
        }
        return sum;
    }

    /** A rational number to a rational power, null when that has several values or none that is known here. */
    static @Nullable Polynomial power(Rational base, Rational exponent, Budget budget) {
        if (exponent.isInteger()) {
            return Polynomial.of(base.power(exponent.smallInteger()));
        }
        boolean squareRoot = exponent.equals(Rational.of(1, 2));
        if (base.isZero()) {
            return exponent.signum() > 0 ? Polynomial.ZERO : null;
        }
        if (base.signum() < 0 && !squareRoot) {
            return null;
        }
        SortedMap<String, Rational> exponents = new TreeMap<>();
        if (base.signum() < 0) {
            exponents.put(Monomial.IMAGINARY, Rational.ONE);
        }
        Rational size = base.signum() < 0 ? base.negate() : base;
        primeFactors(size, budget)
                .forEach(
                        (prime, times) -> exponents.put(Monomial.primeAtom(prime), exponent.times(Rational.of(times))));
        return Polynomial.of(Monomial.normal(exponents));
    }

    private static SortedMap<Long, Integer> primeFactors(Rational number, Budget budget) {
        SortedMap<Long, Integer> factors = new TreeMap<>();
        addFactors(number.numerator(), 1, factors, budget);
        addFactors(number.denominator(), -1, factors, budget);
        return factors;
    }

    private static void addFactors(BigInteger number, int sign, SortedMap<Long, Integer> factors, Budget budget) {
        if (number.bitLength() > 62) {
            throw Unparsed.tooLarge("a number to factor of " + number.bitLength() + " bits");
        }
        budget.spend(50);
        long rest = number.longValueExact();
        for (long divisor = 2; divisor <= LARGEST_TRIAL_DIVISOR && divisor * divisor <= rest; divisor++) {
            while (rest % divisor == 0) {
                factors.merge(divisor, sign, Integer::sum);
                rest /= divisor;
            }
        }
        // Without divisors up to the bound, what is left below its square is prime.
        if (rest > LARGEST_TRIAL_DIVISOR * LARGEST_TRIAL_DIVISOR) {
            throw Unparsed.tooLarge("a number with large prime factors");
        }
        if (rest > 1) {
            factors.merge(rest, sign, Integer::sum);
        }
    }
}
