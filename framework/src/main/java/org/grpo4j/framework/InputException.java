package org.grpo4j.framework;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user gave something that cannot be used: a missing or damaged file, a setting out of range, an unknown key. The
 * message is one readable sentence that says what is wrong, where, and what to do; the command line prints it without a
 * stack trace and exits with status 2. A fault of this library is never an {@code InputException}.
 */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How much of a long message is kept at each end; sentences without quotations are far shorter. */
    private static final int LONGEST_START = 600;

    private static final int LONGEST_END = 300;

    /** A quotation without a space, whose neighbours are to stay. */
    private static final Pattern LONG_WORD = Pattern.compile("(\\S{300})\\S{300,}(\\S{40})");

    private static final Pattern BREAK = Pattern.compile("[ \\t]*[\\r\\n][ \\t\\r\\n]*");

    public InputException(String message) {
        super(readable(message));
    }

    public InputException(String message, @Nullable Throwable cause) {
        super(readable(message), cause);
    }

    /**
     * One line that a terminal shows as it is. Messages quote what stands in a file, which may be megabytes, or hold
     * characters that move the cursor or turn the text round.
     *
     * @return the message with a space for each line break and its indentation, and other invisible characters spelled out; of a long one the start,
     *     which says where, and the end, which says what to do
     */
    public static String readable(String message) {
        String shortened = LONG_WORD.matcher(message).replaceAll("$1…$2");
        if (shortened.length() > LONGEST_START + LONGEST_END) {
            shortened = shortened.substring(0, LONGEST_START) + " … "
                    + shortened.substring(shortened.length() - LONGEST_END);
        }
        StringBuilder line = new StringBuilder(shortened.length());
        BREAK.matcher(shortened.strip()).replaceAll(" ").codePoints().forEach(c -> {
            if (c == '\t') {
                line.append(' ');
            } else if (isVisible(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return line.toString();
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
