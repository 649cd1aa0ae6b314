package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other ways to write an answer, and answers that differ from it in one place. */
final class Rewritings {

    private static final Pattern INTEGER = Pattern.compile("-?[1-9]\\d{0,17}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern FRACTION = Pattern.compile("-?\\\\frac\\{(\\d+)}\\{(\\d+)}");

    private Rewritings() {}

    /** Texts that say what {@code text} says, which is a value without dollars around it. */
    static List<String> same(String text) {
        List<String> same = new ArrayList<>(List.of(
                "$" + text + "$",
                "\\[ " + text + " \\]",
                " {" + text + "} ",
                "\\displaystyle " + text + ".",
                text.replace("\\frac", "\\dfrac").replace("-", "\u2212"),
                text.replace("\\frac", "\\tfrac").replace("+", " + ").replace("=", " = "),
                text.replace("\\times", "\\cdot").replace("\\pi", "\u03C0 ").replace("^{\\circ}", "^\\circ")));
        if (!text.contains("\\left") && !text.contains("\\sqrt[")) {
            same.add(text.replaceAll("(?<!\\\\)[(\\[]", "\\\\left$0").replaceAll("(?<!\\\\)[)\\]]", "\\\\right$0"));
        }
        if (NUMBER.matcher(text).matches()) {
            same.addAll(List.of("x = " + text, text + " \\text{ units}", text + "\\,\\mathrm{cm}^2", "(" + text + ")"));
        }
        if (INTEGER.matcher(text).matches()) {
            String grouped = String.format(Locale.ROOT, "%,d", Long.parseLong(text));
            same.addAll(List.of(text + ".0", grouped, grouped.replace(",", "{,}"), grouped.replace(",", "\\,")));
        }
        Matcher fraction = FRACTION.matcher(text);
        if (fraction.matches()) {
            String sign = text.startsWith("-") ? "-" : "";
            long top = Long.parseLong(fraction.group(1));
            long bottom = Long.parseLong(fraction.group(2));
            same.addAll(List.of(sign + top + "/" + bottom, sign + "\\frac{" + 3 * top + "}{" + 3 * bottom + "}"));
        }
        return same;
    }

    /** Texts that say something else: the first or the last digit is another, or the sign of a number. */
    static List<String> different(String text) {
        List<String> different = new ArrayList<>();
        int first = -1;
        int last = -1;
        // Units and what stands behind them do not count.
        int unit = text.indexOf("\\mbox") < 0 ? text.indexOf("\\text") : text.indexOf("\\mbox");
        for (int i = 0; i < (unit < 0 ? text.length() : unit); i++) {
            if (Character.isDigit(text.charAt(i))) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        for (int place : first < 0 ? new int[0] : new int[] {first, last}) {
            int digit = (text.charAt(place) - '0' + 1) % 10;
            different.add(text.substring(0, place) + digit + text.substring(place + 1));
        }
        if (NUMBER.matcher(text).matches() && Double.parseDouble(text) != 0) {
            different.add(text.startsWith("-") ? text.substring(1) : "-" + text);
        }
        return different;
    }
}
