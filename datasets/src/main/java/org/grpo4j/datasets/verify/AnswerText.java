package org.grpo4j.datasets.verify;

import java.util.Locale;
import java.util.regex.Pattern;

/** Takes away how an answer is written and leaves what it says: spacing, delimiters, sizes, signs of other alphabets. */
final class AnswerText {

    private static final Pattern END_OF_TURN = Pattern.compile("<\\|\\w{1,40}\\|>|</?s>");
    private static final Pattern SPACING = Pattern.compile(
            "\\\\(?:left|right|big|Big|bigg|Bigg|bigl|bigr|Bigl|Bigr|displaystyle|textstyle|quad|qquad|limits)(?![A-Za-z])"
                    + "|\\\\[;:> ]|~");
    /** A comma that TeX is told not to set as punctuation, or before a negative space, groups digits. */
    private static final Pattern GROUPING = Pattern.compile("(?<=\\d)(?:\\{,}|,\\\\!)(?=\\d{3})");

    private static final Pattern DELIMITERS = Pattern.compile("\\\\[\\[\\]()]|\\$|\\*\\*");
    private static final Pattern EDGES = Pattern.compile("^[\\s:]+|[\\s.,;:]+$");
    private static final Pattern FRACTIONS = Pattern.compile("\\\\[dtc]frac(?![A-Za-z])");
    private static final Pattern ROMAN_LETTER =
            Pattern.compile("\\\\(?:mathrm|mathbf|mathit|rm|bf)\\s*\\{\\s*(\\w)\\s*}");
    private static final Pattern FONTS = Pattern.compile(
            "\\\\(?:mbox|textbf|textit|textrm|textnormal|mathrm|mathbf|mathit|operatorname)(?![A-Za-z])");

    private static final Pattern TEXT = Pattern.compile("\\\\text\\s*\\{([^{}\\\\]*)}");
    private static final Pattern SINGLE_IN_BRACES = Pattern.compile("([_^])\\{(\\w)}");
    private static final Pattern NEEDLESS_SPACE = Pattern.compile("(?<!\\w)\\s+|\\s+(?!\\w)");
    private static final Pattern ONLY_WORDS = Pattern.compile("\\p{L}[\\p{L} '-]*\\p{L}");

    private AnswerText() {}

    static String withoutTurnMarks(String completion) {
        return END_OF_TURN.matcher(completion).replaceAll(" ");
    }

    /** The text of a value in one spelling. */
    static String clean(String text) {
        String clean = ascii(text);
        clean = GROUPING.matcher(clean).replaceAll("");
        clean = clean.replace("\\!", "").replace("\\,", " ").replace("\\$", "").replace("\\%", "%");
        clean = SPACING.matcher(clean).replaceAll(" ");
        clean = DELIMITERS.matcher(clean).replaceAll("");
        clean = FRACTIONS.matcher(clean).replaceAll("\\\\frac");
        clean = ROMAN_LETTER.matcher(clean).replaceAll("$1");
        clean = FONTS.matcher(clean).replaceAll("\\\\text");
        return EDGES.matcher(clean).replaceAll("");
    }

    /** The same for texts that say the same: no {@code \text}, no space but between words and numbers. */
    static String key(String clean) {
        String key = TEXT.matcher(clean).replaceAll("$1");
        key = SINGLE_IN_BRACES.matcher(key).replaceAll("$1$2");
        key = NEEDLESS_SPACE.matcher(key).replaceAll("").replaceAll("\\s+", " ");
        return ONLY_WORDS.matcher(key).matches() ? key.toLowerCase(Locale.ROOT) : key;
    }

    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\u2212', '\u2013', '\uFE63', '\uFF0D' -> ascii.append('-');
                case '\u00D7' -> ascii.append("\\times ");
                case '\u00B7', '\u22C5' -> ascii.append("\\cdot ");
                case '\u00F7' -> ascii.append('/');
                case '\u03C0' -> ascii.append("\\pi ");
                case '\u221E' -> ascii.append("\\infty ");
                case '\u221A' -> ascii.append("\\sqrt ");
                case '\u00B0' -> ascii.append("^\\circ ");
                case '\u00B1' -> ascii.append("\\pm ");
                case '\u00B2' -> ascii.append("^2");
                case '\u00B3' -> ascii.append("^3");
                case '\u20AC', '\u00A3', '\u00A5' -> ascii.append(' ');
                case '\u00A0', '\u2009', '\u202F', '\n', '\r', '\t' -> ascii.append(' ');
                default -> ascii.append(c);
            }
        }
        return ascii.toString();
    }
}
