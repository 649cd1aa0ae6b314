package org.grpo4j.models.chat.jinja;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's view of text: it counts code points, and has a white space of its own. */
final class PyString {

    private PyString() {}

    /** {@code str.isspace}: unlike any of Java's it has U+001C to U+001F, U+0085, U+00A0, U+2007 and U+202F. */
    static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0d)
                || (c >= 0x1c && c <= 0x20)
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** Whether there is white space from an index on and nothing else; false if there is nothing. */
    static boolean isBlank(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return from < text.length();
    }

    /** @param characters what to strip; null for white space */
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && strips(characters, text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && strips(characters, text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean strips(@Nullable String characters, int c) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text of code points {@code from} to {@code to}. */
    static String slice(String text, int from, int to) {
        int begin = text.offsetByCodePoints(0, from);
        return text.substring(begin, text.offsetByCodePoints(begin, to - from));
    }

    static String repeat(String text, int count, Budget budget) {
        budget.characters((long) text.length() * Math.max(0, count));
        return text.repeat(Math.max(0, count));
    }

    static String replace(String text, String old, String replacement, int atMost, Budget budget) {
        if (atMost < 0 && !old.isEmpty()) {
            budget.characters(
                    text.length() + count(text, old) * (long) Math.max(0, replacement.length() - old.length()));
            return text.replace(old, replacement);
        }
        StringBuilder out = new StringBuilder();
        int done = 0;
        int at = 0;
        while (atMost < 0 || done < atMost) {
            int next = text.indexOf(old, at);
            if (next < 0 || (old.isEmpty() && next >= text.length())) {
                break;
            }
            budget.characters(next - at + replacement.length() + 1L);
            if (old.isEmpty()) {
                // Python puts the replacement before every character, and at the end.
                int end = text.offsetByCodePoints(next, 1);
                out.append(replacement).append(text, next, end);
                at = end;
            } else {
                out.append(text, at, next).append(replacement);
                at = next + old.length();
            }
            done++;
        }
        out.append(text, at, text.length());
        boolean atEnd = old.isEmpty() && at == text.length() && (atMost < 0 || done < atMost);
        return atEnd ? out.append(replacement).toString() : out.toString();
    }

    /** How often a text that is not empty occurs, without overlaps. */
    static long count(String text, String wanted) {
        long count = 0;
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = Character.charCount(text.codePointAt(0));
        return titleCase(text.substring(0, end))
                + lower(text).substring(lower(text.substring(0, end)).length());
    }

    /** {@code str.title}: a letter after no letter is a capital, all others are small. */
    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String character = Character.toString(c);
            out.append(inWord ? lower(character) : titleCase(character));
            inWord = isCased(c);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static String titleCase(String character) {
        int c = character.codePointAt(0);
        int title = Character.toTitleCase(c);
        String upper = upper(character);
        // Letters such as ß have a capital of two letters, of which only the first stays one.
        return title == c && upper.length() > character.length()
                ? upper.substring(0, 1) + lower(upper.substring(1))
                : Character.toString(title);
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }
}
