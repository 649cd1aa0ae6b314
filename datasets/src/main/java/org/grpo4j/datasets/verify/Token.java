package org.grpo4j.datasets.verify;

/**
 * A piece of an answer.
 *
 * @param kind what it is
 * @param text digits, letters, command name without backslash, the content of {@code \text}, the name of an environment,
 *     or the sign itself
 * @param spaced whether a space stands before it
 */
record Token(Kind kind, String text, boolean spaced) {

    enum Kind {
        /** Digits, perhaps with a point, an exponent ({@code 4.5e33}) or a period in parentheses ({@code 0.1(6)}). */
        NUMBER,
        LETTERS,
        COMMAND,
        TEXT,
        SIGN,
        BEGIN,
        CLOSE,
        END
    }

    /** What stands after the last token. */
    static final Token NOTHING = new Token(Kind.END, "", false);

    static Token sign(String text, boolean spaced) {
        return new Token(Kind.SIGN, text, spaced);
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isCommand(String name) {
        return kind == Kind.COMMAND && text.equals(name);
    }

    boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    /** Whether it is a word or a text that has one. */
    boolean isWordy() {
        return kind == Kind.LETTERS || kind == Kind.TEXT;
    }

    boolean opens() {
        return kind == Kind.BEGIN
                || kind == Kind.SIGN
                        && switch (text) {
                            case "(", "[", "{", "\\{", "<<", "lfloor", "lceil" -> true;
                            default -> false;
                        };
    }

    boolean closes() {
        return kind == Kind.CLOSE
                || kind == Kind.SIGN
                        && switch (text) {
                            case ")", "]", "}", "\\}", ">>", "rfloor", "rceil" -> true;
                            default -> false;
                        };
    }
}
