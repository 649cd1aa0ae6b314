package org.grpo4j.datasets.verify;

import java.util.List;

/** What the parser reads: structure only, nothing evaluated. */
sealed interface Expression {

    /** A numeral as it was written; its digits tell how exactly it is meant. */
    record Numeral(String digits) implements Expression {}

    /** A variable, or a constant such as {@code pi}. */
    record Name(String name) implements Expression {}

    record Sum(List<Expression> terms) implements Expression {}

    record Negative(Expression of) implements Expression {}

    record Product(List<Expression> factors) implements Expression {}

    record Inverse(Expression of) implements Expression {}

    record Power(Expression base, Expression exponent) implements Expression {}

    /** A function of one argument. */
    record Call(String function, Expression argument) implements Expression {}

    /** An angle in degrees. */
    record Degrees(Expression of) implements Expression {}
}
