package org.grpo4j.training.metrics;

import org.jline.utils.WCWidth;

/** Text measured in the columns of a terminal, where some characters take two and some none. */
public final class TextWidth {

    private TextWidth() {}

    /** Columns of a text of one line. */
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** The longest beginning of a text that takes at most so many columns. */
    public static String cut(String text, int columns) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            used += of(character);
            if (used > columns) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    /** A text with as many spaces behind it as it needs to take so many columns. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /** Control characters are not drawn. */
    private static int of(int character) {
        return Math.max(0, WCWidth.wcwidth(character));
    }
}
