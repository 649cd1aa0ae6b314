package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an answer says. */
sealed interface Value {

    /**
     * A number or an expression.
     *
     * @param percent whether a per-cent sign followed
     * @param decimals digits after the point when it was written as a decimal of six or more digits, which may stand for
     *     a rounded value; else -1
     */
    record Quantity(Quotient value, boolean percent, int decimals) implements Value {

        static Quantity of(Quotient value) {
            return new Quantity(value, false, -1);
        }

        @Override
        public String toString() {
            return value + (percent ? "%" : "");
        }
    }

    /** Plus or minus infinity, which is only ever equal to itself. */
    record Infinite(boolean negative) implements Value {
        @Override
        public String toString() {
            return negative ? "-infinity" : "infinity";
        }
    }

    /** A tuple or an interval: order and both ends count. */
    record Ordered(char open, List<Value> items, char close) implements Value {
        @Override
        public String toString() {
            return open + join(items) + close;
        }
    }

    /** A set, a bare list, or a union of intervals: the order does not count. */
    record Unordered(String kind, List<Value> items) implements Value {
        @Override
        public String toString() {
            return kind + "{" + join(items) + "}";
        }
    }

    /**
     * Left = right.
     *
     * @param difference left minus right, when both are expressions
     * @param name the left side's text when it names a quantity, which makes the right side the answer
     */
    record Equation(
            @Nullable String name, Value right, @Nullable Quotient difference) implements Value {
        @Override
        public String toString() {
            return name != null ? name + " = " + right : difference + " = 0";
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
