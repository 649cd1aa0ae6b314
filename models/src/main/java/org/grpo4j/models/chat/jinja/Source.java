package org.grpo4j.models.chat.jinja;

/** The text of a template and how far it has been read. */
final class Source {

    private final String text;
    private int position;
    private int line = 1;
    private int lineStart;

    Source(String text) {
        this.text = text;
    }

    int position() {
        return position;
    }

    int length() {
        return text.length();
    }

    boolean atEnd() {
        return position >= text.length();
    }

    char charAt(int index) {
        return text.charAt(index);
    }

    boolean startsWith(String prefix, int at) {
        return text.startsWith(prefix, at);
    }

    int indexOf(String wanted, int from) {
        return text.indexOf(wanted, from);
    }

    String text(int from, int to) {
        return text.substring(from, to);
    }

    CharSequence whole() {
        return text;
    }

    /** The first index from {@code at} on that is no white space. */
    int skipSpace(int at) {
        int i = at;
        while (i < text.length() && PyString.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Reads on up to an index, counting lines. */
    void moveTo(int index) {
        for (int i = position; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        position = index;
    }

    Token token(Token.Type type, String value) {
        return new Token(type, value, line, position - lineStart + 1);
    }
}
