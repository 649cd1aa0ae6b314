package org.grpo4j.models.chat.jinja;

/** The value of a quoted string: Python's {@code unicode-escape}, which leaves unknown escapes as they are. */
final class StringLiteral {

    private StringLiteral() {}

    /** @param token where the string stands, for errors */
    static String value(String quoted, Token token) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < quoted.length()) {
            char c = quoted.charAt(i++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            i = escape(quoted, i, out, token);
        }
        return out.toString();
    }

    /** Reads the escape whose backslash ends before {@code at}; returns the index after it. */
    private static int escape(String quoted, int at, StringBuilder out, Token token) {
        char c = quoted.charAt(at);
        int simple = "nrtabfv\\'\"".indexOf(c);
        if (simple >= 0) {
            out.append("\n\r\t\u0007\b\f\u000b\\'\"".charAt(simple));
            return at + 1;
        }
        if (c == '\n') {
            return at + 1;
        }
        if (c >= '0' && c <= '7') {
            int end = at;
            while (end < quoted.length() && end < at + 3 && quoted.charAt(end) >= '0' && quoted.charAt(end) <= '7') {
                end++;
            }
            out.appendCodePoint(Integer.parseInt(quoted.substring(at, end), 8));
            return end;
        }
        if (c == 'x' || c == 'u' || c == 'U') {
            int end = at + 1 + (c == 'x' ? 2 : c == 'u' ? 4 : 8);
            out.appendCodePoint(hex(quoted, at + 1, end, token));
            return end;
        }
        if (c == 'N') {
            throw token.error("the escape \\N{…} in a string is not supported here");
        }
        out.append('\\');
        if (c < 0x80) {
            out.append(c);
            return at + 1;
        }
        // Jinja2 spells characters beyond ASCII as escapes before it resolves escapes, so this backslash eats theirs.
        int codePoint = quoted.codePointAt(at);
        out.append(String.format(codePoint <= 0xff ? "x%02x" : codePoint <= 0xffff ? "u%04x" : "U%08x", codePoint));
        return at + Character.charCount(codePoint);
    }

    private static int hex(String quoted, int from, int to, Token token) {
        String digits = quoted.substring(Math.min(from, quoted.length()), Math.min(to, quoted.length()));
        if (digits.length() != to - from || !digits.matches("[0-9a-fA-F]+")) {
            throw token.error("the string holds an escape with too few hexadecimal digits");
        }
        long codePoint = Long.parseLong(digits, 16);
        if (codePoint > Character.MAX_CODE_POINT) {
            throw token.error("the string holds an escape beyond the last character of Unicode");
        }
        return (int) codePoint;
    }
}
