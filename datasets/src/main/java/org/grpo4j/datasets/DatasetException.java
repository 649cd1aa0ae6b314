package org.grpo4j.datasets;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Data that cannot be used as it is. The message is one sentence for the user: what is wrong, where, and what to do.
 */
public final class DatasetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern LONG_WORD = Pattern.compile("(\\S{300})\\S{300,}(\\S{40})");
    private static final int LONGEST_START = 600;
    private static final int LONGEST_END = 300;

    public DatasetException(String message) {
        super(readable(message));
    }

    public DatasetException(String message, Throwable cause) {
        super(readable(message), cause);
    }

    /** Messages quote names and values of the data, which may be of any length and hold what a terminal would obey. */
    private static String readable(String message) {
        String shortened = LONG_WORD.matcher(message).replaceAll("$1…$2");
        if (shortened.length() > LONGEST_START + LONGEST_END) {
            shortened = shortened.substring(0, LONGEST_START) + " … "
                    + shortened.substring(shortened.length() - LONGEST_END);
        }
        return INVISIBLE
                .matcher(shortened.strip().replaceAll("[\\r\\n\\t]", " "))
                .replaceAll(found ->
                        String.format(Locale.ROOT, "\\\\u%04x", found.group().codePointAt(0)));
    }
}
