package org.grpo4j.datasets.verify;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Units and counted things after a number, which do not count: {@code 15\text{ cm}^2}, {@code 18 apples}. */
final class Units {

    /** {@code \text} or a word of four letters; shorter words must be known, else they could be a product of variables. */
    private static final Pattern UNIT = Pattern.compile("(?:\\s+|(?<=[\\d}])(?=\\\\text))"
            + "((?:\\\\text\\s*\\{[^{}]*}|[A-Za-z]{4,}|(?:cm|mm|km|kg|mg|ft|lb|oz|mph|km/h|m/s|min|sec)\\b)"
            + "(?:[A-Za-z]{2,}|[\\s/]|(?<=/)[a-z]|\\\\text\\s*\\{[^{}]*})*+(?:\\^\\{?-?\\d}?)?)$");

    /** Words that change the value of the number before them, so that it does not stand alone. */
    private static final Set<String> NOT_UNITS = Set.of(
            ("hundred thousand million billion trillion dozen half halves third thirds quarter quarters percent base mod"
                            + " modulo and or not no more less than times plus minus over squared cubed factorial am pm"
                            + " to of if for but is are with by from remainder pi sqrt sin cos tan log exp frac")
                    .split(" "));

    private Units() {}

    /** The text before a unit, or all of it when there is none. */
    static String strip(String text) {
        Matcher unit = UNIT.matcher(text);
        if (!unit.find()) {
            return text;
        }
        for (String word : unit.group(1).toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
            if (NOT_UNITS.contains(word)) {
                throw Unparsed.because("the word " + word + " after a number");
            }
        }
        return text.substring(0, unit.start()).strip();
    }
}
