package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an answer says. */
sealed interface Value {

    /**
     * A number or an expression with variables.
     *
     * @param expression as it was written
     * @param number its value when it has no variables
     * @param percent whether a per-cent sign followed
     * @param halfUnit half a unit of the last place when it was written as a decimal of six or more digits, which may
     *     stand for a rounded value
     */
    record Quantity(
            Expression expression,
            @Nullable Scalar number,
            boolean percent,
            @Nullable Rational halfUnit) implements Value {
        @Override
        public String toString() {
            return (number instanceof Scalar.Exact ? number : expression) + (percent ? "%" : "");
        }
    }

    /** Plus or minus infinity, which is only ever equal to itself. */
    record Infinite(boolean negative) implements Value {
        @Override
        public String toString() {
            return negative ? "-infinity" : "infinity";
        }
    }

    /** A tuple, a vector or an interval: order and both ends count. */
    record Ordered(char open, List<Value> items, char close) implements Value {

        /** Whether it can be an interval. */
        boolean isPair() {
            return items.size() == 2 && open != '<';
        }

        @Override
        public String toString() {
            return open + join(items) + close;
        }
    }

    /** A set or a bare list: the order does not count. */
    record Unordered(Kind kind, List<Value> items) implements Value {

        enum Kind {
            LIST,
            SET,
            /** Both values of a plus-minus sign. */
            PLUS_MINUS
        }

        boolean isList() {
            return kind != Kind.SET;
        }

        @Override
        public String toString() {
            return "{" + join(items) + "}";
        }
    }

    /** Unions, intersections and differences of sets. */
    record SetOperation(String operation, Value left, Value right) implements Value {
        @Override
        public String toString() {
            return "(" + left + " " + operation + " " + right + ")";
        }
    }

    /** A set with a name of its own, such as R, or all real numbers but one. */
    record NamedSet(String name) implements Value {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code x in S}. */
    record Membership(String variable, Value set) implements Value {
        @Override
        public String toString() {
            return variable + " in " + set;
        }
    }

    /** A chain of {@code <, <=, >, >=, !=}: one more side than signs. */
    record Inequality(List<Expression> sides, List<String> signs) implements Value {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder().append(sides.get(0));
            for (int i = 0; i < signs.size(); i++) {
                text.append(' ').append(signs.get(i)).append(' ').append(sides.get(i + 1));
            }
            return text.toString();
        }
    }

    /**
     * Left = right.
     *
     * @param name the left side's text when it names a quantity, which makes the right side the answer
     * @param left the left side, when it is an expression
     */
    record Equation(@Nullable String name, @Nullable Expression left, Value right) implements Value {
        @Override
        public String toString() {
            return (name != null ? name : left) + " = " + right;
        }
    }

    /** An exact value and the decimal that it was said to be about. */
    record Approximation(Value exact, Value shown) implements Value {
        @Override
        public String toString() {
            return exact + " ≈ " + shown;
        }
    }

    /** Entries by rows. */
    record Matrix(List<List<Value>> rows) implements Value {

        List<Value> entries() {
            return rows.stream().flatMap(List::stream).toList();
        }

        boolean isVector() {
            return rows.size() == 1 || rows.get(0).size() == 1;
        }

        @Override
        public String toString() {
            return rows.stream().map(row -> "[" + join(row) + "]").collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** Digits in a base that is written with them. */
    record Based(String digits, String base) implements Value {
        @Override
        public String toString() {
            return digits + "_" + base;
        }
    }

    /** {@code a : b : c}. */
    record Ratio(List<Expression> terms) implements Value {
        @Override
        public String toString() {
            return terms.stream().map(Expression::toString).collect(Collectors.joining(" : "));
        }
    }

    /** A number modulo another. */
    record Congruence(@Nullable String name, Expression residue, Expression modulus) implements Value {
        @Override
        public String toString() {
            return residue + " mod " + modulus;
        }
    }

    /** A letter of a multiple choice, perhaps with what stands behind it. */
    record Choice(String letter, @Nullable Value rest) implements Value {
        @Override
        public String toString() {
            return "(" + letter + ")";
        }
    }

    /** Text without a value; texts are equal when their letters are. */
    record Words(String key) implements Value {
        @Override
        public String toString() {
            return key;
        }
    }

    private static String join(List<Value> items) {
        return items.stream().map(Value::toString).collect(Collectors.joining(", "));
    }
}
