package org.grpo4j.models.chat.jinja;

import java.util.List;

/** The tokens of a template, read from left to right. */
final class TokenStream {

    private final List<Token> tokens;
    private int index;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(index);
    }

    Token ahead() {
        return tokens.get(Math.min(index + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (token.type() != Token.Type.END) {
            index++;
        }
        return token;
    }

    boolean at(Token.Type type) {
        return current().type() == type;
    }

    boolean atName(String name) {
        return current().isName(name);
    }

    boolean atOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean skipName(String name) {
        boolean skipped = atName(name);
        if (skipped) {
            next();
        }
        return skipped;
    }

    boolean skipOperator(String operator) {
        boolean skipped = atOperator(operator);
        if (skipped) {
            next();
        }
        return skipped;
    }

    Token expect(Token.Type type, String what) {
        if (!at(type)) {
            throw unexpected(what);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    TemplateException unexpected(String expected) {
        return current()
                .error("syntax error: expected " + expected + ", found "
                        + current().shown());
    }
}
