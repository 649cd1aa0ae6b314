package org.grpo4j.datasets.verify;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sum of monomials with rational coefficients, none of them zero. Equal polynomials are equal records. */
record Polynomial(SortedMap<Monomial, Rational> terms) {

    static final Polynomial ZERO = new Polynomial(new TreeMap<>());
    static final Polynomial ONE = of(Rational.ONE);

    static Polynomial of(Rational constant) {
        return of(constant, Monomial.ONE);
    }

    static Polynomial of(Rational coefficient, Monomial monomial) {
        SortedMap<Monomial, Rational> terms = new TreeMap<>();
        add(terms, monomial, coefficient);
        return new Polynomial(terms);
    }

    static Polynomial of(Monomial.Scaled scaled) {
        return of(scaled.factor(), scaled.monomial());
    }

    Polynomial plus(Polynomial other, Budget budget) {
        SortedMap<Monomial, Rational> sum = new TreeMap<>(terms);
        other.terms.forEach((monomial, coefficient) -> {
            budget.spend(coefficient.cost());
            add(sum, monomial, coefficient);
        });
        return checked(sum);
    }

    Polynomial times(Polynomial other, Budget budget) {
        SortedMap<Monomial, Rational> product = new TreeMap<>();
        terms.forEach((a, x) -> other.terms.forEach((b, y) -> {
            budget.spend(x.cost() + y.cost() + (a.name().length() + b.name().length()) / 16);
            Monomial.Scaled scaled = a.times(b);
            add(product, scaled.monomial(), x.times(y).times(scaled.factor()));
        }));
        return checked(product);
    }

    Polynomial negate() {
        SortedMap<Monomial, Rational> negated = new TreeMap<>();
        terms.forEach((monomial, coefficient) -> negated.put(monomial, coefficient.negate()));
        return new Polynomial(negated);
    }

    boolean isZero() {
        return terms.isEmpty();
    }

    boolean isOneTerm() {
        return terms.size() == 1;
    }

    /** The number this is, or null when it is not rational. */
    @Nullable
    Rational constant() {
        if (isZero()) {
            return Rational.ZERO;
        }
        return isOneTerm() && terms.firstKey().isOne() ? terms.get(Monomial.ONE) : null;
    }

    /** The rational part of the sum. */
    Rational constantTerm() {
        return terms.getOrDefault(Monomial.ONE, Rational.ZERO);
    }

    boolean hasVariable() {
        return terms.keySet().stream().anyMatch(Monomial::hasVariable);
    }

    private static void add(SortedMap<Monomial, Rational> terms, Monomial monomial, Rational coefficient) {
        Rational sum = terms.getOrDefault(monomial, Rational.ZERO).plus(coefficient);
        if (sum.isZero()) {
            terms.remove(monomial);
        } else {
            terms.put(monomial, sum);
        }
    }

    private static Polynomial checked(SortedMap<Monomial, Rational> terms) {
        if (terms.size() > Budget.TERMS) {
            throw Unparsed.tooLarge("more than " + Budget.TERMS + " terms");
        }
        return new Polynomial(terms);
    }

    @Override
    public String toString() {
        return isZero() ? "0" : terms.entrySet().stream().map(Polynomial::term).collect(Collectors.joining(" + "));
    }

    private static String term(Map.Entry<Monomial, Rational> term) {
        if (term.getKey().isOne()) {
            return term.getValue().toString();
        }
        return term.getValue().equals(Rational.ONE) ? term.getKey().toString() : term.getValue() + "*" + term.getKey();
    }
}
