package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times of day: {@code 3:00 p.m.}, which is no number with a unit, since {@code 3:00 a.m.} is another. */
final class Times {

    private Times() {}

    /** The time in one spelling, null when the tokens are none. */
    static @Nullable String of(List<Token> tokens) {
        StringBuilder digits = new StringBuilder();
        StringBuilder half = new StringBuilder();
        for (Token token : tokens) {
            boolean clock = token.isNumber() || token.is(":");
            if (clock && half.isEmpty()) {
                digits.append(token.text());
            } else if (token.isWordy()) {
                half.append(token.text().replace(".", "").toLowerCase(Locale.ROOT));
            } else if (!token.is(".")) {
                return null;
            }
        }
        boolean time = !digits.isEmpty()
                && (half.toString().equals("am") || half.toString().equals("pm"));
        if (!time) {
            return null;
        }
        String hour = digits.toString();
        return (hour.endsWith(":00") ? hour.substring(0, hour.length() - 3) : hour) + half;
    }
}
