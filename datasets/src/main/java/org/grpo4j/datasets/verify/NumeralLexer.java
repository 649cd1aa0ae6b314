package org.grpo4j.datasets.verify;

/**
 * Reads one numeral of a text.
 *
 * @param digits the numeral with a point, an exponent or a period, without marks between its digits
 * @param end where the text goes on
 */
record NumeralLexer(String digits, int end) {

    /** Marks between groups of three digits that cannot be anything else. */
    private static final String[] GROUPING = {"{,}", ",\\!", "\\,", "\\;", "\\ ", "~", " ", "'"};

    static NumeralLexer at(String text, int start) {
        StringBuilder digits = new StringBuilder();
        int at = run(text, start, digits);
        if (at - start <= 3 && at > start && text.charAt(start) != '0') {
            at = groups(text, at, digits);
        }
        at = decimals(text, at, digits);
        return exponent(text, at, digits);
    }

    private static int run(String text, int start, StringBuilder digits) {
        int end = endOfDigits(text, start);
        digits.append(text, start, end);
        return end;
    }

    private static int endOfDigits(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int groups(String text, int start, StringBuilder digits) {
        int at = start;
        while (true) {
            int group = afterMark(text, at);
            if (group < 0) {
                return at;
            }
            at = run(text, group, digits);
        }
    }

    /** Where a group of exactly three digits begins behind a mark, -1 when none does. */
    private static int afterMark(String text, int at) {
        for (String mark : GROUPING) {
            if (text.startsWith(mark, at)) {
                int group = at + mark.length();
                while (mark.equals(",\\!") && group < text.length() && text.charAt(group) == ' ') {
                    group++;
                }
                int end = endOfDigits(text, group);
                // "3 100/7" is a mixed number, not 3100 over 7.
                boolean mixed = mark.isBlank() && end < text.length() && text.charAt(end) == '/';
                return end - group == 3 && !mixed ? group : -1;
            }
        }
        return -1;
    }

    private static int decimals(String text, int start, StringBuilder digits) {
        int at = start;
        boolean braced = text.startsWith("{,}", at) && endOfDigits(text, at + 3) > at + 3;
        boolean point = at < text.length() && text.charAt(at) == '.';
        if (braced) {
            digits.append('.');
            return run(text, at + 3, digits);
        }
        if (!point) {
            return at;
        }
        int end = endOfDigits(text, at + 1);
        int period = period(text, end);
        if (end == at + 1 && period < 0) {
            // A full stop, or the point of "5.", which says no more than 5 does.
            return at;
        }
        digits.append('.').append(text, at + 1, end);
        if (period < 0) {
            return end;
        }
        int open = text.indexOf('{', end) + 1;
        digits.append('(').append(text, open, period - 1).append(')');
        return period;
    }

    /** Where {@code \overline{36}} or {@code \dot{3}} ends, -1 when there is none. */
    private static int period(String text, int at) {
        for (String mark : new String[] {"\\overline{", "\\bar{", "\\dot{"}) {
            if (text.startsWith(mark, at)) {
                int end = endOfDigits(text, at + mark.length());
                boolean closed = end > at + mark.length() && end < text.length() && text.charAt(end) == '}';
                return closed ? end + 1 : -1;
            }
        }
        return -1;
    }

    private static NumeralLexer exponent(String text, int start, StringBuilder digits) {
        int at = start;
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int sign = at + 1;
            if (sign < text.length() && (text.charAt(sign) == '-' || text.charAt(sign) == '+')) {
                sign++;
            }
            int end = endOfDigits(text, sign);
            boolean ends = end == text.length() || !Character.isLetter(text.charAt(end));
            if (end > sign && end - sign <= 9 && ends) {
                digits.append(text, at, end);
                at = end;
            }
        }
        return new NumeralLexer(digits.toString(), at);
    }
}
