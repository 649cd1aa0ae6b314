package org.grpo4j.datasets.verify;

import java.util.Set;

/** Functions that have a name. */
final class FunctionNames {

    static final Set<String> TRIGONOMETRIC = Set.of("sin", "cos", "tan", "cot", "sec", "csc");

    /** Functions of one argument, which may stand without parentheses. */
    static final Set<String> UNARY = Set.of(
            "ln", "log", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot",
            "asin", "acos", "atan", "sinh", "cosh", "tanh");

    /** Functions of a list in parentheses or braces. */
    static final Set<String> OF_LISTS = Set.of("gcd", "lcm", "max", "min");

    static final Set<String> ALL = Set.of(
            "ln", "log", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot",
            "asin", "acos", "atan", "sinh", "cosh", "tanh", "gcd", "lcm", "max", "min");

    private FunctionNames() {}
}
