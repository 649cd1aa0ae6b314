package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Units and counted things behind a number, which do not count: {@code 15\text{ cm}^2}, {@code 18 apples}. */
final class Units {

    private static final Set<String> SHORT = Set.of(
            "cm", "mm", "km", "nm", "kg", "mg", "ft", "lb", "lbs", "oz", "mph", "min", "sec", "hr", "hrs", "Hz", "kHz",
            "MHz", "GHz", "kJ", "eV", "keV", "MeV", "Pa", "kPa", "mol", "rad", "deg", "mL", "ml", "kW", "MW", "kWh",
            "yd", "mi", "USD", "cal", "kcal", "gal", "dB", "sr", "Wb", "yr", "bps", "rpm", "sq", "cu", "pts", "dm",
            "per", "day");

    /** Letters that are units behind a number in plain text; in mathematics they may be variables. */
    private static final Set<String> LETTERS =
            Set.of("m", "s", "g", "N", "J", "K", "V", "W", "A", "C", "F", "h", "L", "T");

    /** Words that change the value of the number before them, so that it does not stand alone. */
    private static final Set<String> NOT_UNITS = Set.of(
            ("half halves dozen dozens am pm a p third thirds quarter quarters base mod modulo and or not no more less than times plus minus over"
                            + " squared cubed factorial to of if for but is are with by from remainder pi sqrt exp frac where"
                            + " when x y z hundredths tenths thousandths choose root")
                    .split(" "));

    private static final Map<String, Integer> SCALES = Map.of(
            "hundred", 2, "thousand", 3, "million", 6, "millions", 6, "billion", 9, "billions", 9, "trillion", 12);

    private static final Set<String> PERCENT = Set.of("percent", "per cent", "percents", "percentage points");
    private static final Set<String> MARKS = Set.of("/", "*", "^", "-", ".", "(", ")", "{", "}", "°", "'", "\"");

    private static final Pattern NO_LETTERS = Pattern.compile("[^a-z]+");

    private Units() {}

    /**
     * A number without what follows it.
     *
     * @param number the tokens of the number
     * @param exponent the power of ten that a word such as "million" stands for
     * @param percent whether a word for per cent follows
     * @param any whether there was a unit
     */
    record Split(List<Token> number, int exponent, boolean percent, boolean any) {}

    /**
     * Splits a unit off.
     *
     * @param plain whether the tokens are of running text, where a lone letter behind a number is a unit
     */
    static Split split(List<Token> tokens, boolean plain) {
        int start = start(tokens, plain);
        if (start == tokens.size()) {
            return new Split(tokens, 0, false, false);
        }
        List<Token> unit = tokens.subList(start, tokens.size());
        Token first = unit.get(0);
        String word = first.text().toLowerCase(Locale.ROOT);
        if (first.isWordy() && PERCENT.contains(word) && unit.size() == 1) {
            return new Split(tokens.subList(0, start), 0, true, true);
        }
        int exponent = 0;
        for (Token token : unit) {
            if (!token.isWordy()) {
                continue;
            }
            for (String part : NO_LETTERS.split(token.text().toLowerCase(Locale.ROOT))) {
                if (NOT_UNITS.contains(part)) {
                    throw Unparsed.because("the word " + part + " after a number");
                }
                exponent += SCALES.getOrDefault(part, 0);
            }
        }
        return new Split(tokens.subList(0, start), exponent, false, true);
    }

    /** Where the unit begins: the first place behind a number from which on everything may be part of a unit. */
    private static int start(List<Token> tokens, boolean plain) {
        int start = tokens.size();
        int braces = 0;
        for (int i = tokens.size() - 1; i > 0; i--) {
            Token token = tokens.get(i);
            braces += token.is("}") || token.is(")") ? 1 : token.is("{") || token.is("(") ? -1 : 0;
            if (braces < 0 || !mayBelong(tokens, i, plain)) {
                break;
            }
            if (braces == 0 && begins(tokens, i, plain)) {
                start = i;
            }
        }
        return start;
    }

    private static boolean mayBelong(List<Token> tokens, int i, boolean plain) {
        Token token = tokens.get(i);
        if (token.isNumber()) {
            Token before = tokens.get(i - 1);
            return before.is("^") || before.is("{") || before.is("-");
        }
        return token.kind() == Token.Kind.TEXT
                || token.isCommand("frac")
                || token.kind() == Token.Kind.SIGN && MARKS.contains(token.text())
                || token.kind() == Token.Kind.LETTERS
                        && isUnit(token, plain || token.text().length() == 1);
    }

    private static boolean begins(List<Token> tokens, int i, boolean plain) {
        Token token = tokens.get(i);
        Token before = tokens.get(i - 1);
        boolean value = before.isNumber()
                || before.closes()
                || before.is("!")
                || before.is("°")
                || before.is("%")
                || before.kind() == Token.Kind.COMMAND
                || before.kind() == Token.Kind.LETTERS && before.text().length() == 1;
        boolean fractionOfUnits = token.isCommand("frac")
                && i + 2 < tokens.size()
                && tokens.get(i + 2).kind() == Token.Kind.TEXT;
        boolean word = token.kind() == Token.Kind.TEXT
                || token.kind() == Token.Kind.LETTERS
                        && (token.spaced() || !plain)
                        && isUnit(token, plain && before.isNumber());
        return value && (word || fractionOfUnits) || before.kind() == Token.Kind.TEXT && word && value;
    }

    private static boolean isUnit(Token token, boolean lettersToo) {
        String text = token.text();
        boolean longWord = text.length() >= 4 && !FunctionNames.ALL.contains(text) && !text.equals("sqrt");
        return longWord || SHORT.contains(text) || lettersToo && text.length() == 1 && LETTERS.contains(text);
    }
}
