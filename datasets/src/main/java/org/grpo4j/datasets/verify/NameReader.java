package org.grpo4j.datasets.verify;

import org.jspecify.annotations.Nullable;

/** Reads what belongs to a name: indices, primes, an argument that is a number, derivatives. */
final class NameReader {

    private final TokenCursor cursor;

    NameReader(TokenCursor cursor) {
        this.cursor = cursor;
    }

    /** An index and primes, which are part of a name. */
    String marks() {
        StringBuilder marks = new StringBuilder();
        if (cursor.peek().is("_")) {
            cursor.take();
            marks.append('_').append(word());
        }
        while (cursor.peek().is("'")) {
            cursor.take();
            marks.append('\'');
        }
        return marks.toString();
    }

    /** The next token or group as it is written. */
    String word() {
        if (cursor.peek().is("{")) {
            return Spelling.key(TokenLists.inside(cursor.takeGroup())).replace(" ", "");
        }
        Token token = cursor.take();
        if (token.kind() == Token.Kind.END || token.kind() == Token.Kind.SIGN) {
            throw Unparsed.because("an index that is missing");
        }
        return token.text();
    }

    /** {@code I(0)} is a value of a function, not I times zero: the argument, null when there is none of this kind. */
    @Nullable
    String atNumber() {
        boolean number = cursor.peek().is("(")
                && !cursor.peek().spaced()
                && cursor.ahead(1).isNumber()
                && cursor.ahead(2).is(")");
        return number ? "(" + cursor.takeGroup().get(1).text() + ")" : null;
    }

    /** {@code \frac{dx}{dt}} is one name: the differentials in it are no factors. Null when these are none. */
    @Nullable
    String derivative() {
        if (!cursor.peek().is("{")) {
            return null;
        }
        int middle = cursor.lengthOfGroup(0);
        boolean differential = isDifferential(1)
                && isDifferential(middle + 1)
                && cursor.ahead(middle).is("{");
        Token by = cursor.ahead(middle + 2);
        boolean variable = cursor.ahead(middle + 1).text().length() == 2
                || by.kind() == Token.Kind.LETTERS
                || by.kind() == Token.Kind.COMMAND;
        if (!differential || !variable) {
            return null;
        }
        String top = Spelling.key(cursor.takeGroup()).replace(" ", "");
        return "d" + top + Spelling.key(cursor.takeGroup()).replace(" ", "");
    }

    private boolean isDifferential(int offset) {
        Token token = cursor.ahead(offset);
        return token.isCommand("partial")
                || token.kind() == Token.Kind.LETTERS
                        && token.text().charAt(0) == 'd'
                        && token.text().length() <= 2;
    }
}
