package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions with their arguments, which often stand without parentheses, and series. */
final class FunctionParser {

    private final ExpressionParser parser;
    private final TokenCursor cursor;

    FunctionParser(ExpressionParser parser, TokenCursor cursor) {
        this.parser = parser;
        this.cursor = cursor;
    }

    Expression series(String function) {
        cursor.expect("_");
        cursor.expect("{");
        Token variable = cursor.take();
        cursor.expect("=");
        Expression from = parser.sum();
        cursor.expect("}");
        cursor.expect("^");
        Expression to = parser.argument(false);
        boolean letter =
                variable.kind() == Token.Kind.LETTERS && variable.text().length() == 1;
        if (!letter) {
            throw Unparsed.because("a series without a variable");
        }
        Expression of = parser.countedBy(variable.text());
        return new Expression.Series(function, variable.text(), from, to, of);
    }

    /** {@code \sin^2 x} is the square of the sine, {@code \sin^{-1} x} is the inverse function. */
    Expression call(String name) {
        cursor.deeper();
        String function = name;
        Expression base = null;
        if (function.equals("log") && cursor.peek().is("_")) {
            cursor.take();
            base = parser.argument(true);
        }
        Expression power = null;
        if (cursor.peek().is("^")) {
            cursor.take();
            power = parser.exponent();
        }
        boolean inverse = power instanceof Expression.Negative minus
                && minus.of().equals(Expression.numeral(1))
                && FunctionNames.TRIGONOMETRIC.contains(function);
        Expression argument = functionArgument();
        cursor.shallower();
        if (inverse) {
            return Expression.Call.of("arc" + function, argument);
        }
        Expression call = applied(function, argument, base);
        return power == null ? call : new Expression.Power(call, power);
    }

    private static Expression applied(String function, Expression argument, @Nullable Expression base) {
        if (function.equals("exp")) {
            return new Expression.Power(Expression.Constant.E, argument);
        }
        if (base == Expression.Constant.E) {
            return Expression.Call.of("ln", argument);
        }
        return base == null
                ? Expression.Call.of(function.equals("lg") ? "log" : function, argument)
                : new Expression.Call("log", List.of(argument, base));
    }

    /** In parentheses, or the product of numbers and names up to the first Latin letter and Greek behind it: sin 2πx. */
    private Expression functionArgument() {
        if (ExpressionParser.isSign(cursor.peek())) {
            boolean negative = parser.signs();
            return ExpressionParser.signed(functionArgument(), negative);
        }
        boolean closed = cursor.peek().is("(")
                || cursor.peek().is("{")
                || cursor.peek().is("[")
                || cursor.peek().is("|");
        if (closed) {
            Expression inside = cursor.peek().is("{") ? parser.argument(true) : parser.base();
            // The power of sin(x)^2 is that of the sine; it is taken up by the caller.
            return parser.postfix(inside);
        }
        List<Expression> factors = new ArrayList<>();
        boolean more = true;
        while (more) {
            boolean latin = cursor.peek().kind() == Token.Kind.LETTERS
                    && cursor.peek().text().length() == 1;
            factors.add(parser.factor());
            Token token = cursor.peek();
            boolean function = FunctionNames.ALL.contains(token.text());
            boolean greek = token.isCommand("pi")
                    || token.kind() == Token.Kind.COMMAND && ExpressionParser.GREEK.contains(token.text());
            boolean name = token.kind() == Token.Kind.LETTERS || token.kind() == Token.Kind.COMMAND;
            more = latin ? greek : name && !function;
        }
        return factors.size() == 1 ? factors.get(0) : new Expression.Product(List.copyOf(factors));
    }

    Expression callOfList(String name) {
        String close = cursor.peek().is("\\{") ? "\\}" : ")";
        if (!cursor.peek().is("(") && !cursor.peek().is("\\{")) {
            throw Unparsed.because(name + " without parentheses");
        }
        cursor.take();
        List<Expression> arguments = new ArrayList<>(List.of(parser.sum()));
        while (cursor.peek().is(",")) {
            cursor.take();
            arguments.add(parser.sum());
        }
        cursor.expect(close);
        return new Expression.Call(name, List.copyOf(arguments));
    }
}
