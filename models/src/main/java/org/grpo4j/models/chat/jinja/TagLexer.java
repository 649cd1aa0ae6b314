package org.grpo4j.models.chat.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the inside of {@code {% … %}} and {@code {{ … }}} into names, numbers, strings and operators. */
final class TagLexer {

    private static final Pattern FLOAT = Pattern.compile(
            "(?<!\\.)(?:\\d+_)*+\\d++(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+\\-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER = Pattern.compile(
            "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|[1-9](?:_?\\d)*+|0(?:_?0)*+");
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final Source source;
    private final List<Token> tokens;
    private final Matcher floats;
    private final Matcher integers;

    TagLexer(Source source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
        this.floats = FLOAT.matcher(source.whole()).useTransparentBounds(true);
        this.integers = INTEGER.matcher(source.whole());
    }

    /**
     * Reads up to and with the end of the tag, and the white space that the end takes along.
     *
     * @param block whether the tag ends with {@code %}}, not {@code }}}
     * @return whether that ended a line
     */
    boolean read(boolean block) {
        Token opening = tokens.get(tokens.size() - 1);
        Deque<String> open = new ArrayDeque<>();
        while (!source.atEnd()) {
            int end = open.isEmpty() ? end(block) : -1;
            if (end >= 0) {
                tokens.add(source.token(block ? Token.Type.BLOCK_END : Token.Type.VARIABLE_END, ""));
                source.moveTo(end);
                return source.charAt(end - 1) == '\n';
            }
            int space = source.skipSpace(source.position());
            if (space > source.position()) {
                source.moveTo(space);
            } else {
                next(open);
            }
        }
        throw opening.error("the tag " + opening.shown() + " is not closed");
    }

    /** Where the template goes on if the tag ends here, else -1. */
    private int end(boolean block) {
        int at = source.position();
        String close = block ? "%}" : "}}";
        if (source.startsWith("-" + close, at)) {
            return source.skipSpace(at + 3);
        } else if (block && source.startsWith("+%}", at)) {
            return at + 3;
        } else if (source.startsWith(close, at)) {
            return block && source.startsWith("\n", at + 2) ? at + 3 : at + 2;
        }
        return -1;
    }

    private void next(Deque<String> open) {
        int at = source.position();
        char c = source.charAt(at);
        if (floats.region(at, source.length()).lookingAt()) {
            add(Token.Type.FLOAT, source.text(at, floats.end()).replace("_", ""), floats.end());
        } else if (integers.region(at, source.length()).lookingAt()) {
            add(Token.Type.INTEGER, source.text(at, integers.end()).replace("_", ""), integers.end());
        } else if (isNamePart(c)) {
            name(at);
        } else if (c == '\'' || c == '"') {
            string(at, c);
        } else {
            operator(at, open);
        }
    }

    private void add(Token.Type type, String value, int end) {
        tokens.add(source.token(type, value));
        source.moveTo(end);
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void name(int at) {
        int end = at;
        while (end < source.length() && isNamePart(source.charAt(end))) {
            end++;
        }
        if (Character.isDigit(source.charAt(at))) {
            throw source.token(Token.Type.NAME, "").error("a name cannot start with a digit");
        }
        add(Token.Type.NAME, source.text(at, end), end);
    }

    private void string(int at, char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        Token token = source.token(Token.Type.STRING, "");
        if (end >= source.length()) {
            throw token.error("the string is not closed");
        }
        tokens.add(new Token(
                token.type(), StringLiteral.value(source.text(at + 1, end), token), token.line(), token.column()));
        source.moveTo(end + 1);
    }

    private void operator(int at, Deque<String> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                balance(operator, open);
                add(Token.Type.OPERATOR, operator, at + operator.length());
                return;
            }
        }
        throw source.token(Token.Type.OPERATOR, "").error("unexpected character '" + source.charAt(at) + "'");
    }

    private void balance(String operator, Deque<String> open) {
        switch (operator) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty() || !open.pop().equals(operator)) {
                    throw source.token(Token.Type.OPERATOR, "").error("unexpected '" + operator + "'");
                }
            }
            default -> {}
        }
    }
}
