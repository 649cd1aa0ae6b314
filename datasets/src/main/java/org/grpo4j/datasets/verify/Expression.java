package org.grpo4j.datasets.verify;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the parser reads: structure only, nothing evaluated. */
sealed interface Expression {

    /** The expressions that this one is made of. */
    default Collection<Expression> parts() {
        return List.of();
    }

    /** A number that was written with digits. */
    record Numeral(Rational value) implements Expression {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /** Numbers with a name. */
    enum Constant implements Expression {
        PI,
        E,
        I;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A variable. */
    record Name(String name) implements Expression {
        @Override
        public String toString() {
            return name;
        }
    }

    record Sum(List<Expression> terms) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return terms;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder().append(terms.get(0));
            for (Expression term : terms.subList(1, terms.size())) {
                boolean minus = term instanceof Negative;
                text.append(minus ? " - " : " + ").append(minus ? ((Negative) term).of() : term);
            }
            return text.toString();
        }
    }

    record Negative(Expression of) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(of);
        }

        @Override
        public String toString() {
            return "-" + atomic(of);
        }
    }

    record Product(List<Expression> factors) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return factors;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder().append(atomic(factors.get(0)));
            for (Expression factor : factors.subList(1, factors.size())) {
                boolean inverse = factor instanceof Inverse;
                text.append(inverse ? "/" : "*").append(atomic(inverse ? ((Inverse) factor).of() : factor));
            }
            return text.toString();
        }
    }

    record Inverse(Expression of) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(of);
        }

        @Override
        public String toString() {
            return "1/" + atomic(of);
        }
    }

    /** Principal value: (-8)^(1/3) is 1 + i√3. */
    record Power(Expression base, Expression exponent) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(base, exponent);
        }

        @Override
        public String toString() {
            return atomic(base) + "^" + atomic(exponent);
        }
    }

    /** The root of a root sign: odd roots of negative numbers are negative. */
    record Root(Expression of, Expression degree) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(of, degree);
        }

        @Override
        public String toString() {
            return degree.equals(numeral(2)) ? "sqrt(" + of + ")" : "root(" + of + ", " + degree + ")";
        }
    }

    /** A function by its name. */
    record Call(String function, List<Expression> arguments) implements Expression {

        static Call of(String function, Expression argument) {
            return new Call(function, List.of(argument));
        }

        @Override
        public Collection<Expression> parts() {
            return arguments;
        }

        @Override
        public String toString() {
            String list = arguments.stream().map(Expression::toString).collect(Collectors.joining(", "));
            return function.startsWith("!") ? "(" + list + ")" + function : function + "(" + list + ")";
        }
    }

    /** An angle in degrees; outside of trigonometric functions the sign does not count. */
    record Degrees(Expression of) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(of);
        }

        @Override
        public String toString() {
            return atomic(of) + "°";
        }
    }

    /** An expression with a number in place of one of its variables. */
    record At(Expression of, String variable, Rational value) implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(of);
        }
    }

    /**
     * A sum or product over whole numbers.
     *
     * @param function {@code sum} or {@code prod}
     * @param variable what counts
     * @param from its first value
     * @param to its last value
     * @param of what is added or multiplied
     */
    record Series(String function, String variable, Expression from, Expression to, Expression of)
            implements Expression {
        @Override
        public Collection<Expression> parts() {
            return List.of(from, to, of);
        }

        @Override
        public String toString() {
            return function + "(" + variable + " = " + from + ".." + to + ", " + of + ")";
        }
    }

    /** a/b. */
    static Expression quotient(Expression top, Expression bottom) {
        return new Product(List.of(top, new Inverse(bottom)));
    }

    /** a - b. */
    static Expression difference(Expression left, Expression right) {
        return new Sum(List.of(left, new Negative(right)));
    }

    static Expression numeral(long value) {
        return new Numeral(Rational.of(value));
    }

    /** The names of the variables in it. */
    default SortedSet<String> variables() {
        SortedSet<String> names = new TreeSet<>();
        collect(this, names);
        return names;
    }

    private static void collect(Expression expression, SortedSet<String> names) {
        if (expression instanceof Name name) {
            names.add(name.name());
        } else if (expression instanceof At at) {
            names.addAll(without(at.variable(), at.of()));
        } else if (expression instanceof Series series) {
            names.addAll(series.from().variables());
            names.addAll(series.to().variables());
            names.addAll(without(series.variable(), series.of()));
        } else {
            expression.parts().forEach(part -> collect(part, names));
        }
    }

    private static SortedSet<String> without(String bound, Expression expression) {
        SortedSet<String> names = expression.variables();
        names.remove(bound);
        return names;
    }

    /** Whether one of these functions is called anywhere in it. */
    default boolean calls(Collection<String> functions) {
        return this instanceof Call call && functions.contains(call.function())
                || this instanceof Series series && functions.contains(series.function())
                || parts().stream().anyMatch(part -> part.calls(functions));
    }

    private static String atomic(Expression expression) {
        return expression instanceof Sum || expression instanceof Negative || expression instanceof Product
                ? "(" + expression + ")"
                : expression.toString();
    }
}
