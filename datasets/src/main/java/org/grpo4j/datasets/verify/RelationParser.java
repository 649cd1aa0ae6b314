package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Equations, inequalities, memberships, approximations and congruences. */
final class RelationParser {

    private static final Set<String> ORDER = Set.of("<", "<=", ">", ">=", "!=");
    private static final Set<String> SIGNS = Set.of("<", "<=", ">", ">=", "!=", "=", "in", "approx");
    private static final Set<String> MODULO = Set.of("pmod", "mod", "bmod");

    private final AnswerParser parser;
    private final FunctionComparison functions;

    RelationParser(AnswerParser parser, Budget budget) {
        this.parser = parser;
        this.functions = new FunctionComparison(budget);
    }

    static boolean relates(Token token) {
        return token.kind() == Token.Kind.SIGN && SIGNS.contains(token.text()) || token.isCommand("equiv");
    }

    private static boolean isModulo(Token token) {
        return (token.kind() == Token.Kind.COMMAND || token.kind() == Token.Kind.LETTERS)
                && MODULO.contains(token.text());
    }

    /** The relation, null when the tokens hold none. */
    @Nullable
    Value parse(List<Token> tokens) {
        List<Token> signs = new ArrayList<>();
        List<List<Token>> sides = TokenLists.split(tokens, token -> relates(token) && signs.add(token));
        if (tokens.stream().anyMatch(RelationParser::isModulo)) {
            return congruence(tokens, sides);
        }
        if (signs.isEmpty()) {
            return null;
        }
        if (signs.stream().anyMatch(sign -> sign.is("approx"))) {
            return approximation(tokens);
        }
        if (signs.stream().allMatch(sign -> sign.is("="))) {
            return equation(sides);
        }
        if (signs.size() == 1 && signs.get(0).is("in")) {
            return new Value.Membership(Spelling.key(sides.get(0)), parser.single(sides.get(1)));
        }
        return inequality(sides, signs);
    }

    private Value congruence(List<Token> tokens, List<List<Token>> sides) {
        int at = 0;
        while (!isModulo(tokens.get(at))) {
            at++;
        }
        List<Token> before = tokens.subList(0, at);
        List<Token> after = tokens.subList(at + 1, tokens.size());
        if (!before.isEmpty()
                && before.get(before.size() - 1).is("(")
                && after.get(after.size() - 1).is(")")) {
            before = before.subList(0, before.size() - 1);
            after = after.subList(0, after.size() - 1);
        }
        int sign = TokenLists.find(before, RelationParser::relates);
        String name = sign < 0 ? null : Spelling.key(sides.get(0));
        Expression residue = parser.expression(before.subList(sign + 1, before.size()));
        return new Value.Congruence(name, residue, parser.expression(after));
    }

    /** What is before the sign is meant, unless that is only a name. */
    private Value approximation(List<Token> tokens) {
        List<List<Token>> sides = TokenLists.split(tokens, token -> token.is("approx"));
        Value shown = parser.single(sides.get(sides.size() - 1));
        String name = Names.of(sides.get(0));
        if (name != null) {
            return new Value.Equation(name, null, shown);
        }
        return new Value.Approximation(parser.single(sides.get(0)), shown);
    }

    private Value inequality(List<List<Token>> sides, List<Token> signs) {
        List<Expression> expressions = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            if (isInfinite(sides.get(i)) && (i == 0 || i == sides.size() - 1)) {
                continue;
            }
            expressions.add(parser.expression(sides.get(i)));
            if (i < signs.size() && !isInfinite(sides.get(i + 1))) {
                order.add(signs.get(i).text());
            }
        }
        boolean inequality = signs.stream().allMatch(sign -> ORDER.contains(sign.text()));
        if (!inequality || order.isEmpty() || expressions.size() != order.size() + 1) {
            throw Unparsed.because("a relation that is not understood");
        }
        return new Value.Inequality(List.copyOf(expressions), List.copyOf(order));
    }

    private static boolean isInfinite(List<Token> tokens) {
        return !tokens.isEmpty()
                && tokens.size() <= 2
                && tokens.get(tokens.size() - 1).isCommand("infty");
    }

    private Value equation(List<List<Token>> sides) {
        List<Token> first = sides.get(0);
        List<Token> last = sides.get(sides.size() - 1);
        String name = Names.of(first);
        Value right = parser.single(last);
        if (sides.size() > 2) {
            return name == null ? right : new Value.Equation(name, null, right);
        }
        Value tuple = tuple(first, right);
        if (tuple != null) {
            return tuple;
        }
        Expression left = expressionOrNull(first);
        if (left != null && left.variables().isEmpty()) {
            String reversed = Names.of(last);
            if (reversed != null) {
                return new Value.Equation(reversed, expressionOrNull(last), parser.single(first));
            }
            boolean constant = !(right instanceof Value.Quantity quantity) || quantity.number() != null;
            return constant ? right : new Value.Equation(null, left, right);
        }
        if (left != null && name == null && isIdentity(left, right)) {
            return right;
        }
        if (left == null && name == null || name == null && !(right instanceof Value.Quantity)) {
            throw Unparsed.because("an equation that is not understood");
        }
        return new Value.Equation(name, left, right);
    }

    private boolean isIdentity(Expression left, Value right) {
        return right instanceof Value.Quantity quantity
                && quantity.number() == null
                && functions.equal(left, quantity.expression());
    }

    private @Nullable Expression expressionOrNull(List<Token> tokens) {
        try {
            return parser.expression(tokens);
        } catch (Unparsed e) {
            return null;
        }
    }

    /** {@code (x, y) = (2, -1)} says x = 2 and y = -1. */
    private static @Nullable Value tuple(List<Token> names, Value right) {
        if (!(right instanceof Value.Ordered values) || !TokenLists.isOneGroup(names)) {
            return null;
        }
        List<List<Token>> parts = TokenLists.split(TokenLists.inside(names), Commas::separates);
        if (parts.size() != values.items().size() || parts.size() < 2) {
            return null;
        }
        List<Value> items = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String name = Names.of(parts.get(i));
            if (name == null) {
                return null;
            }
            items.add(new Value.Equation(name, null, values.items().get(i)));
        }
        return new Value.Ordered(values.open(), items, values.close());
    }
}
