package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of an answer.
 *
 * @param kind what it is
 * @param text digits, letter, command name without backslash, the content of {@code \text}, or the sign itself
 * @param spaced whether a space stands before it
 */
record Token(Kind kind, String text, boolean spaced) {

    enum Kind {
        NUMBER,
        LETTERS,
        COMMAND,
        TEXT,
        SIGN,
        END
    }

    private static final Pattern PIECE = Pattern.compile("(?<number>\\d+(?:\\.\\d*)?|\\.\\d+)"
            + "|\\\\text\\s*\\{(?<text>[^{}]*)}"
            + "|\\\\(?<command>[A-Za-z]+)"
            + "|\\\\?(?<sign>[^A-Za-z\\d\\s\\\\])"
            + "|(?<letters>[A-Za-z]+)"
            + "|(?<space>\\s+)");

    /** Splits a clean text, at most {@link Budget#LENGTH} long; a sign that has no meaning anywhere is an error. */
    static List<Token> split(String text) {
        if (text.length() > Budget.LENGTH) {
            throw Unparsed.tooLarge("a text of " + text.length() + " characters");
        }
        List<Token> tokens = new ArrayList<>();
        Matcher piece = PIECE.matcher(text);
        int position = 0;
        boolean spaced = false;
        while (position < text.length()) {
            if (!piece.region(position, text.length()).lookingAt()) {
                throw Unparsed.because("the sign " + text.charAt(position));
            }
            position = piece.end();
            if (piece.group("space") == null) {
                tokens.add(token(piece, spaced));
            }
            spaced = piece.group("space") != null;
        }
        return tokens;
    }

    private static Token token(Matcher piece, boolean spaced) {
        for (Kind kind : List.of(Kind.NUMBER, Kind.TEXT, Kind.COMMAND, Kind.SIGN, Kind.LETTERS)) {
            String text = piece.group(kind.name().toLowerCase(Locale.ROOT));
            if (text != null) {
                return new Token(kind, text, spaced);
            }
        }
        throw new IllegalStateException("every piece is of a kind");
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isCommand(String name) {
        return kind == Kind.COMMAND && text.equals(name);
    }
}
