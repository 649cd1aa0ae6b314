package org.grpo4j.models.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands for a value in a template. */
sealed interface Expression {

    /** Where it begins, from 1. */
    int line();

    record Literal(Object value, int line) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record ListDisplay(List<Expression> items, int line) implements Expression {}

    record TupleDisplay(List<Expression> items, int line) implements Expression {}

    record DictDisplay(List<Expression> keys, List<Expression> values, int line) implements Expression {}

    record Attribute(Expression target, String name, int line) implements Expression {}

    record Item(Expression target, Expression key, int line) implements Expression {}

    /** {@code start:stop:step}; stands only as the key of an {@link Item}. */
    record Slice(
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step,
            int line) implements Expression {}

    record Call(Expression target, CallArguments arguments, int line) implements Expression {}

    record Filtered(Expression value, FilterCall filter, int line) implements Expression {}

    record Test(Expression value, String name, CallArguments arguments, int line) implements Expression {}

    record Negation(Expression operand, int line) implements Expression {}

    /** {@code and} or {@code or}. */
    record Logical(boolean and, Expression left, Expression right, int line) implements Expression {}

    record Unary(String operator, Expression operand, int line) implements Expression {}

    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code first op rest.get(0) op rest.get(1) …}, each operand evaluated once. */
    record Comparison(Expression first, List<String> operators, List<Expression> rest, int line)
            implements Expression {}

    record Concatenation(List<Expression> parts, int line) implements Expression {}

    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    /** A filter without the value that it is applied to. */
    record FilterCall(String name, CallArguments arguments, int line) {}

    /**
     * The arguments of a call as they are written.
     *
     * @param star value of {@code *args}
     * @param doubleStar value of {@code **kwargs}
     */
    record CallArguments(
            List<Expression> positional,
            List<String> keywords,
            List<Expression> keywordValues,
            @Nullable Expression star,
            @Nullable Expression doubleStar) {

        static CallArguments of(List<Expression> positional) {
            return new CallArguments(positional, List.of(), List.of(), null, null);
        }
    }
}
