package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tuples, intervals, sets and their unions, and matrices. */
final class GroupParser {

    private final AnswerParser parser;

    GroupParser(AnswerParser parser) {
        this.parser = parser;
    }

    /** Whether the tokens are a set in braces, or several joined. */
    boolean isSet(List<Token> tokens) {
        return !tokens.isEmpty() && tokens.get(0).is("\\{");
    }

    /** The group, null when the tokens are no group as a whole. */
    @Nullable
    Value parse(List<Token> tokens) {
        Value operation = operation(tokens);
        if (operation != null) {
            return operation;
        }
        Token first = tokens.get(0);
        if (tokens.size() == 1) {
            return named(first);
        }
        Value matrix = matrix(tokens);
        if (matrix != null) {
            return matrix;
        }
        if (!TokenLists.isOneGroup(tokens)) {
            return null;
        }
        List<Token> inside = TokenLists.inside(tokens);
        if (first.is("\\{")) {
            return set(inside);
        }
        boolean ordered = first.is("(") || first.is("[") || first.is("<<");
        return ordered ? ordered(first, inside, tokens.get(tokens.size() - 1)) : null;
    }

    private @Nullable Value operation(List<Token> tokens) {
        for (int i = tokens.size() - 2; i > 0; i--) {
            Token token = tokens.get(i);
            boolean union = token.is("cup")
                    || token.kind() == Token.Kind.LETTERS && token.text().equals("U");
            boolean minus = token.is("-") && tokens.get(i + 1).is("\\{");
            boolean other = token.is("cap") || token.is("setminus") || minus;
            if ((union || other) && isAtTop(tokens, i)) {
                boolean letter = token.kind() == Token.Kind.LETTERS;
                if (letter && !(tokens.get(i - 1).closes() && tokens.get(i + 1).opens())) {
                    continue;
                }
                Value left = parser.single(tokens.subList(0, i));
                Value right = parser.single(tokens.subList(i + 1, tokens.size()));
                return new Value.SetOperation(union ? "cup" : token.is("cap") ? "cap" : "setminus", left, right);
            }
        }
        return null;
    }

    private static boolean isAtTop(List<Token> tokens, int index) {
        int level = 0;
        for (Token token : tokens.subList(0, index)) {
            level += token.opens() ? 1 : token.closes() ? -1 : 0;
        }
        return level == 0;
    }

    private static @Nullable Value named(Token token) {
        if (token.isCommand("emptyset")) {
            return new Value.Unordered(Value.Unordered.Kind.SET, List.of());
        }
        if (token.kind() == Token.Kind.COMMAND && token.text().startsWith("mathbb ")) {
            return new Value.NamedSet(token.text().substring("mathbb ".length()));
        }
        return null;
    }

    private Value set(List<Token> inside) {
        if (inside.isEmpty()) {
            return new Value.Unordered(Value.Unordered.Kind.SET, List.of());
        }
        int condition = TokenLists.find(inside, token -> token.is("mid") || token.is("|") || token.is(":"));
        if (condition > 0) {
            return builder(inside.subList(0, condition), inside.subList(condition + 1, inside.size()));
        }
        List<Value> items = parser.items(Commas.joined(inside, true));
        if (items.size() == 1
                && items.get(0) instanceof Value.Unordered both
                && both.kind() == Value.Unordered.Kind.PLUS_MINUS) {
            items = both.items();
        }
        return new Value.Unordered(Value.Unordered.Kind.SET, items);
    }

    /** {@code \{x \mid x > 2\}} is what its condition says of x. */
    private Value builder(List<Token> element, List<Token> condition) {
        Value said = parser.single(condition);
        String name = Spelling.key(element.subList(0, 1));
        boolean about = said instanceof Value.Inequality inequality
                        && inequality.sides().stream()
                                .allMatch(side -> side.variables().stream().allMatch(name::equals))
                || said instanceof Value.Membership membership
                        && membership.variable().equals(name);
        boolean real = element.size() == 1 || element.get(element.size() - 1).isCommand("mathbb R");
        if (!about || !real) {
            throw Unparsed.because("a set given by a condition that is not understood");
        }
        return said;
    }

    private @Nullable Value ordered(Token open, List<Token> inside, Token close) {
        List<Token> joined = Commas.joined(inside, true);
        if (TokenLists.find(joined, Commas::separates) < 0) {
            boolean value = open.is("(") && close.is(")") && !joined.isEmpty() && isMoreThanExpression(joined);
            return value ? parser.single(joined) : null;
        }
        char left = open.is("<<") ? '(' : open.text().charAt(0);
        char right = close.is(">>") ? ')' : close.text().charAt(0);
        return new Value.Ordered(left, parser.items(joined), right);
    }

    private static boolean isMoreThanExpression(List<Token> tokens) {
        return tokens.get(0).opens() && TokenLists.isOneGroup(tokens)
                || TokenLists.find(tokens, RelationParser::relates) >= 0;
    }

    /** A matrix with a factor before it, perhaps transposed, or the rows of cases. */
    private @Nullable Value matrix(List<Token> tokens) {
        int begin = TokenLists.find(tokens, token -> token.kind() == Token.Kind.BEGIN);
        if (begin < 0) {
            boolean wrapped = TokenLists.isOneGroup(tokens)
                    && tokens.get(1).kind() == Token.Kind.BEGIN
                    && TokenLists.isOneGroup(TokenLists.inside(tokens));
            return wrapped ? matrix(TokenLists.inside(tokens)) : null;
        }
        int end = TokenLists.endOfGroup(tokens, begin);
        List<Token> inside = tokens.subList(begin + 1, end);
        String name = tokens.get(begin).text();
        if (!Lexer.MATRICES.contains(name)) {
            return name.endsWith("matrix") || begin > 0 || end < tokens.size() - 1 ? null : cases(inside);
        }
        List<List<Value>> rows = rows(inside);
        if (name.equals("array") && rows.get(0).get(0) instanceof Value.Equation) {
            return cases(inside);
        }
        List<Token> after = tokens.subList(end + 1, tokens.size());
        if (isTransposition(after)) {
            rows = transposed(rows);
        } else if (!after.isEmpty()) {
            return null;
        }
        return new Value.Matrix(begin == 0 ? rows : scaled(rows, tokens.subList(0, begin)));
    }

    private List<List<Value>> rows(List<Token> inside) {
        List<List<Value>> rows = new ArrayList<>();
        for (List<Token> row : TokenLists.split(inside, token -> token.is("\\\\"))) {
            if (row.isEmpty()) {
                continue;
            }
            List<Value> entries = new ArrayList<>();
            for (List<Token> entry : TokenLists.split(row, token -> token.is("&"))) {
                entries.add(parser.single(entry));
            }
            rows.add(entries);
        }
        if (rows.isEmpty()
                || rows.stream().anyMatch(row -> row.size() != rows.get(0).size())) {
            throw Unparsed.because("a matrix whose rows are not of one length");
        }
        return rows;
    }

    private static boolean isTransposition(List<Token> tokens) {
        List<Token> bare = tokens.stream()
                .filter(token -> !token.is("{") && !token.is("}"))
                .toList();
        return bare.size() == 2
                && bare.get(0).is("^")
                && (bare.get(1).text().equals("T") || bare.get(1).text().equals("top"));
    }

    private static List<List<Value>> transposed(List<List<Value>> rows) {
        List<List<Value>> columns = new ArrayList<>();
        for (int i = 0; i < rows.get(0).size(); i++) {
            int column = i;
            columns.add(rows.stream().map(row -> row.get(column)).toList());
        }
        return columns;
    }

    private List<List<Value>> scaled(List<List<Value>> rows, List<Token> tokens) {
        boolean minus = tokens.size() == 1 && tokens.get(0).is("-");
        boolean times = tokens.get(tokens.size() - 1).is("*");
        Expression factor = minus
                ? Expression.numeral(-1)
                : parser.expression(times ? tokens.subList(0, tokens.size() - 1) : tokens);
        return rows.stream()
                .map(row -> row.stream().map(entry -> scaled(entry, factor)).toList())
                .toList();
    }

    private Value scaled(Value entry, Expression factor) {
        if (!(entry instanceof Value.Quantity quantity)) {
            throw Unparsed.because("a factor before a matrix of more than numbers");
        }
        return parser.quantity(new Expression.Product(List.of(factor, quantity.expression())));
    }

    /** The lines of cases or of aligned equations; a line that begins with a relation goes on with the one before. */
    private Value cases(List<Token> inside) {
        List<Token> flat = new ArrayList<>();
        for (List<Token> row : TokenLists.split(inside, token -> token.is("\\\\"))) {
            List<Token> line = row.stream().filter(token -> !token.is("&")).toList();
            if (!line.isEmpty() && !flat.isEmpty() && !RelationParser.relates(line.get(0))) {
                flat.add(Token.sign(",", false));
            }
            flat.addAll(line);
        }
        List<Value> items = parser.items(flat);
        return items.size() == 1 ? items.get(0) : new Value.Unordered(Value.Unordered.Kind.LIST, items);
    }
}
