package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.grpo4j.models.chat.jinja.Expression.CallArguments;
import org.grpo4j.models.chat.jinja.Expression.FilterCall;
import org.jspecify.annotations.Nullable;

/** Expressions, by the precedence rules of {@code jinja2.parser}, from the loosest binding to the tightest. */
final class ExpressionParser {

    /** Deeper nesting would overflow the Java stack; no real template comes near. */
    private static final int DEEPEST = 150;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Map<String, Object> CONSTANTS =
            Map.of("true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None", None.NONE);

    private final TokenStream tokens;
    private final Supplier<NameTracker> names;
    private int depth;

    /** @param names the tracker of the body being parsed */
    ExpressionParser(TokenStream tokens, Supplier<NameTracker> names) {
        this.tokens = tokens;
        this.names = names;
    }

    Expression expression() {
        return expression(true);
    }

    /** @param conditional whether {@code … if … else …} may stand here without parentheses */
    private Expression expression(boolean conditional) {
        if (++depth > DEEPEST) {
            throw tokens.current().error("the expression is nested more than " + DEEPEST + " levels deep");
        }
        Expression parsed = conditional ? conditional() : or();
        depth--;
        return parsed;
    }

    /** One expression, or several with commas between them, which make a tuple. */
    Expression tuple(boolean conditional) {
        return tuple(conditional, false, "");
    }

    /** @param endName a name that ends the list, such as {@code recursive} */
    Expression tuple(boolean conditional, boolean parenthesised, String endName) {
        int line = tokens.current().line();
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!tupleEnds(endName)) {
            items.add(expression(conditional));
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (!comma && items.size() == 1) {
            return items.get(0);
        }
        if (items.isEmpty() && !parenthesised) {
            throw tokens.unexpected("an expression");
        }
        return new Expression.TupleDisplay(items, line);
    }

    private boolean tupleEnds(String endName) {
        return tokens.at(Token.Type.VARIABLE_END)
                || tokens.at(Token.Type.BLOCK_END)
                || tokens.atOperator(")")
                || tokens.atName(endName);
    }

    private Expression conditional() {
        Expression then = or();
        while (tokens.atName("if")) {
            int line = tokens.next().line();
            Expression test = or();
            Expression otherwise = tokens.skipName("else") ? expression(true) : null;
            then = new Expression.Conditional(test, then, otherwise, line);
        }
        return then;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.atName("or")) {
            int line = tokens.next().line();
            left = new Expression.Logical(false, left, and(), line);
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.atName("and")) {
            int line = tokens.next().line();
            left = new Expression.Logical(true, left, not(), line);
        }
        return left;
    }

    private Expression not() {
        int negations = 0;
        int line = tokens.current().line();
        while (tokens.skipName("not")) {
            negations++;
        }
        Expression operand = comparison();
        for (int i = 0; i < negations; i++) {
            operand = new Expression.Negation(operand, line);
        }
        return operand;
    }

    private Expression comparison() {
        int line = tokens.current().line();
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.type() == Token.Type.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.atName("not") && tokens.ahead().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                return rest.isEmpty() ? first : new Expression.Comparison(first, operators, rest, line);
            }
            rest.add(sum());
        }
    }

    private Expression sum() {
        return binary(Set.of("+", "-"), this::concatenation);
    }

    private Expression concatenation() {
        int line = tokens.current().line();
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Concatenation(parts, line);
    }

    private Expression product() {
        return binary(Set.of("*", "/", "//", "%"), this::power);
    }

    private Expression power() {
        return binary(Set.of("**"), () -> unary(true));
    }

    private Expression binary(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.at(Token.Type.OPERATOR)
                && operators.contains(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, operand.get(), operator.line());
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        if (++depth > DEEPEST) {
            throw tokens.current().error("the expression is nested more than " + DEEPEST + " levels deep");
        }
        Expression value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            Token sign = tokens.next();
            value = new Expression.Unary(sign.text(), unary(false), sign.line());
        } else {
            value = primary();
        }
        value = postfix(value);
        value = withFilters ? filtersAndTests(value) : value;
        depth--;
        return value;
    }

    private Expression primary() {
        Token token = tokens.current();
        switch (token.type()) {
            case NAME -> {
                tokens.next();
                Object constant = CONSTANTS.get(token.text());
                if (constant != null) {
                    return new Expression.Literal(constant, token.line());
                }
                names.get().read(token.text());
                return new Expression.Name(token.text(), token.line());
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.at(Token.Type.STRING)) {
                    text.append(tokens.next().text());
                }
                return new Expression.Literal(text.toString(), token.line());
            }
            case INTEGER -> {
                return new Expression.Literal(integer(tokens.next().text()), token.line());
            }
            case FLOAT -> {
                return new Expression.Literal(Double.valueOf(tokens.next().text()), token.line());
            }
            default -> {
                return bracketed(token);
            }
        }
    }

    private static BigInteger integer(String digits) {
        int radix = digits.length() < 2
                ? 10
                : switch (Character.toLowerCase(digits.charAt(1))) {
                    case 'x' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> 10;
                };
        return new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
    }

    private Expression bracketed(Token token) {
        if (tokens.skipOperator("(")) {
            Expression inside = tuple(true, true, "");
            tokens.expectOperator(")");
            return inside;
        } else if (tokens.skipOperator("[")) {
            return new Expression.ListDisplay(list("]"), token.line());
        } else if (tokens.skipOperator("{")) {
            return dict(token.line());
        }
        throw tokens.unexpected("an expression");
    }

    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dict(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        return new Expression.DictDisplay(keys, values, line);
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            int line = tokens.current().line();
            if (tokens.skipOperator(".")) {
                result = attribute(result, line);
            } else if (tokens.skipOperator("[")) {
                result = new Expression.Item(result, subscript(line), line);
            } else if (tokens.atOperator("(")) {
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    private Expression attribute(Expression target, int line) {
        if (tokens.at(Token.Type.INTEGER)) {
            BigInteger index = integer(tokens.next().text());
            return new Expression.Item(target, new Expression.Literal(index, line), line);
        }
        return new Expression.Attribute(
                target, tokens.expect(Token.Type.NAME, "a name after '.'").text(), line);
    }

    private Expression subscript(int line) {
        List<Expression> keys = new ArrayList<>();
        do {
            keys.add(indexOrSlice(line));
        } while (tokens.skipOperator(","));
        tokens.expectOperator("]");
        return keys.size() == 1 ? keys.get(0) : new Expression.TupleDisplay(keys, line);
    }

    private Expression indexOrSlice(int line) {
        Expression start = tokens.atOperator(":") ? null : expression();
        if (start != null && !tokens.atOperator(":")) {
            return start;
        }
        tokens.expectOperator(":");
        Expression stop = slicePart();
        Expression step = tokens.skipOperator(":") ? slicePart() : null;
        return new Expression.Slice(start, stop, step, line);
    }

    private @Nullable Expression slicePart() {
        boolean absent = tokens.atOperator(":") || tokens.atOperator("]") || tokens.atOperator(",");
        return absent ? null : expression();
    }

    private Expression filtersAndTests(Expression value) {
        Expression result = value;
        while (true) {
            int line = tokens.current().line();
            if (tokens.skipOperator("|")) {
                result = new Expression.Filtered(result, filter(), line);
            } else if (tokens.skipName("is")) {
                result = test(result, line);
            } else if (tokens.atOperator("(")) {
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    /** A filter whose {@code |} is behind. */
    FilterCall filter() {
        int line = tokens.current().line();
        String name = dottedName("the name of a filter");
        return new FilterCall(name, tokens.atOperator("(") ? arguments() : CallArguments.of(List.of()), line);
    }

    private String dottedName(String what) {
        StringBuilder name =
                new StringBuilder(tokens.expect(Token.Type.NAME, what).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Token.Type.NAME, what).text());
        }
        return name.toString();
    }

    private Expression test(Expression value, int line) {
        boolean negated = tokens.skipName("not");
        String name = dottedName("the name of a test");
        CallArguments arguments = CallArguments.of(List.of());
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (tokens.atName("is")) {
                throw tokens.current().error("syntax error: tests cannot be chained with 'is'");
            }
            arguments = CallArguments.of(List.of(postfix(primary())));
        }
        Expression test = new Expression.Test(value, name, arguments, line);
        return negated ? new Expression.Negation(test, line) : test;
    }

    private boolean startsTestArgument() {
        return switch (tokens.current().type()) {
            case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
            case STRING, INTEGER, FLOAT -> true;
            default -> tokens.atOperator("[") || tokens.atOperator("{");
        };
    }

    /** Arguments with their parentheses. */
    CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<String> keywords = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        Expression star = null;
        Expression doubleStar = null;
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            Token token = tokens.current();
            boolean keyword = token.type() == Token.Type.NAME && tokens.ahead().isOperator("=");
            boolean ordered = doubleStar == null && (keyword || tokens.atOperator("**") || star == null);
            if (tokens.skipOperator("**")) {
                doubleStar = expression();
            } else if (tokens.skipOperator("*")) {
                ordered &= keywords.isEmpty() || star == null;
                star = expression();
            } else if (keyword) {
                tokens.next();
                tokens.next();
                keywords.add(token.text());
                values.add(expression());
            } else {
                ordered &= keywords.isEmpty();
                positional.add(expression());
            }
            if (!ordered) {
                throw token.error("syntax error: wrong order of the arguments of a call");
            }
        }
        return new CallArguments(positional, keywords, values, star, doubleStar);
    }
}
