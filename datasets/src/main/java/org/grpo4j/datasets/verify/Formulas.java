package org.grpo4j.datasets.verify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Formulas between dollars, {@code \( \)} or {@code \[ \]}. */
final class Formulas {

    private static final Pattern FORMULA = Pattern.compile(
            "\\$\\$([^$]{1,2000})\\$\\$|\\$([^$]{1,2000})\\$|\\\\\\[(.{1,2000}?)\\\\]|\\\\\\((.{1,2000}?)\\\\\\)",
            Pattern.DOTALL);

    private Formulas() {}

    /** Where a formula ends that the text begins with, 0 when it begins with none. */
    static int endOfFirst(String text) {
        Matcher formula = FORMULA.matcher(text);
        return formula.lookingAt() ? formula.end() : 0;
    }

    /** The formula that the text begins with. */
    static String first(String text) {
        Matcher formula = FORMULA.matcher(text);
        return formula.lookingAt() ? content(formula) : "";
    }

    /** A formula and where it ends. */
    record Last(String content, int end) {}

    static @Nullable Last last(String text) {
        Last last = null;
        Matcher formula = FORMULA.matcher(text);
        while (formula.find()) {
            last = new Last(content(formula), formula.end());
        }
        return last;
    }

    private static String content(Matcher formula) {
        for (int group = 1; group <= formula.groupCount(); group++) {
            String content = formula.group(group);
            if (content != null) {
                return content;
            }
        }
        return "";
    }
}
