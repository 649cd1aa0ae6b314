package org.grpo4j.datasets.verify;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A product of atoms with exponents, and its name. Atoms are variables, constants ({@code pi}), functions of something
 * ({@code sin(x)}), the imaginary unit with exponent 0 or 1, and primes with exponents between 0 and 1: √12 is 2 times
 * the atom {@code #3} to the power 1/2. Products of such prime powers are linearly independent over the rationals, so
 * equal numbers have equal forms.
 */
record Monomial(SortedMap<String, Rational> exponents, String name) implements Comparable<Monomial> {

    static final Monomial ONE = new Monomial(new TreeMap<>());
    static final String IMAGINARY = "i";
    private static final char PRIME = '#';

    /** The name is made once, since monomials are sorted by it. */
    private Monomial(SortedMap<String, Rational> exponents) {
        this(exponents, name(exponents));
    }

    static Monomial of(String atom) {
        return of(atom, Rational.ONE);
    }

    static Monomial of(String atom, Rational exponent) {
        return new Monomial(new TreeMap<>(Map.of(atom, exponent)));
    }

    static String primeAtom(long prime) {
        return PRIME + Long.toString(prime);
    }

    /** A monomial with the rational number that came out of bringing it into its normal form. */
    record Scaled(Rational factor, Monomial monomial) {}

    Scaled times(Monomial other) {
        SortedMap<String, Rational> product = new TreeMap<>(exponents);
        other.exponents.forEach((atom, exponent) -> product.merge(atom, exponent, Rational::plus));
        return normal(product);
    }

    /** To an integer power; for a fractional one only when {@link #isPositive()}. */
    Scaled power(Rational exponent) {
        SortedMap<String, Rational> power = new TreeMap<>();
        exponents.forEach((atom, own) -> power.put(atom, own.times(exponent)));
        return normal(power);
    }

    static Scaled normal(SortedMap<String, Rational> exponents) {
        Rational factor = Rational.ONE;
        SortedMap<String, Rational> rest = new TreeMap<>();
        for (Map.Entry<String, Rational> entry : exponents.entrySet()) {
            String atom = entry.getKey();
            Rational exponent = entry.getValue();
            if (atom.charAt(0) == PRIME) {
                Rational whole = exponent.floor();
                factor = factor.times(
                        Rational.of(Long.parseLong(atom.substring(1))).power(whole.smallInteger()));
                exponent = exponent.plus(whole.negate());
            } else if (atom.equals(IMAGINARY)) {
                int quarterTurns = Math.floorMod(exponent.smallInteger(), 4);
                factor = quarterTurns >= 2 ? factor.negate() : factor;
                exponent = Rational.of(quarterTurns % 2);
            }
            if (!exponent.isZero()) {
                rest.put(atom, exponent);
            }
        }
        return new Scaled(factor, new Monomial(rest));
    }

    boolean isOne() {
        return exponents.isEmpty();
    }

    /** Whether it is made of prime powers only: a positive real number. */
    boolean isPositive() {
        return exponents.keySet().stream().allMatch(atom -> atom.charAt(0) == PRIME);
    }

    /** Whether a letter occurs that may stand for anything. */
    boolean hasVariable() {
        return exponents.keySet().stream().anyMatch(Atoms::isVariable);
    }

    @Override
    public int compareTo(Monomial other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }

    private static String name(SortedMap<String, Rational> exponents) {
        return exponents.entrySet().stream()
                .map(e -> e.getValue().equals(Rational.ONE) ? e.getKey() : e.getKey() + "^(" + e.getValue() + ")")
                .collect(Collectors.joining("*"));
    }
}
