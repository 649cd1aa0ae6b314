package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;

/** Goes through tokens one by one, and keeps count of how deep the parser is nested. */
final class TokenCursor {

    private final List<Token> tokens;
    private int next;
    private int depth;

    TokenCursor(List<Token> tokens) {
        this.tokens = new ArrayList<>(tokens);
    }

    /** A place to go back to. */
    record Place(List<Token> tokens, int next) {}

    Place place() {
        return new Place(List.copyOf(tokens), next);
    }

    void backTo(Place place) {
        tokens.clear();
        tokens.addAll(place.tokens());
        next = place.next();
    }

    Token peek() {
        return ahead(0);
    }

    /** The token at a distance from the next one, which may be behind it. */
    Token ahead(int offset) {
        int index = next + offset;
        return index >= 0 && index < tokens.size() ? tokens.get(index) : Token.NOTHING;
    }

    Token take() {
        Token token = peek();
        next++;
        return token;
    }

    void expect(String sign) {
        if (!take().is(sign)) {
            throw Unparsed.because("a missing \"" + sign + "\"");
        }
    }

    /** The number of tokens of the group that opens at a distance from the next token, brackets included. */
    int lengthOfGroup(int offset) {
        return TokenLists.endOfGroup(tokens, next + offset) + 1 - next - offset;
    }

    /** Takes the group that opens here, brackets included. */
    List<Token> takeGroup() {
        int start = next;
        next += lengthOfGroup(0);
        return List.copyOf(tokens.subList(start, next));
    }

    /** Leaves all but the first sign of the token that was just taken. */
    void giveBackAllButFirst(Token token) {
        next--;
        tokens.set(next, new Token(token.kind(), token.text().substring(1), false));
    }

    /** @throws Unparsed when the nesting is deeper than {@link Budget#DEPTH} */
    void deeper() {
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
    }

    void shallower() {
        depth--;
    }
}
