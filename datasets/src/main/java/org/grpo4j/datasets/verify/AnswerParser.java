package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a clean answer text: its outer form (list, tuple, set, equation, quantity with a unit), then expressions. */
final class AnswerParser {

    private static final Pattern TEXT = Pattern.compile("\\\\text\\s*\\{([^{}]*)}");
    private static final Pattern THOUSANDS = Pattern.compile("-?\\d{1,3}(?:,\\d{3})++(?!\\d)(?:\\.\\d+)?");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("-?\\d+,\\d{1,2}");
    private static final Pattern SCIENTIFIC =
            Pattern.compile("([-+]?\\d+(?:\\.\\d*)?|[-+]?\\.\\d+)[eE]([-+]?\\d{1,9})");
    private static final Pattern LONG_DECIMAL = Pattern.compile("-?(\\d*)\\.(\\d+)");
    private static final Pattern NAMED = Pattern.compile(
            "\\\\?[A-Za-z]+(?:_\\{?\\w+}?)?|[A-Za-z]\\([A-Za-z]\\)|\\|[A-Z]{2}\\||[A-Z]{2,}|[A-Z]:[A-Z]");
    private static final Pattern CONJUNCTION =
            Pattern.compile("\\\\text\\s*\\{\\s*(?:,\\s*)?(?:and|or)\\s*}|\\b(?:and|or)\\b");
    private static final Pattern DEGREES = Pattern.compile("\\^\\s*(?:\\{\\s*\\\\circ\\s*}|\\\\circ)\\s*[CF]?$");
    private static final Pattern PERCENT =
            Pattern.compile("(?:%|\\s*\\\\text\\s*\\{\\s*(?:percent|per cent)\\s*}|\\s+percent)$");
    private static final int MOST_ITEMS = 100;

    private final Budget budget;
    private int depth;

    AnswerParser(Budget budget) {
        this.budget = budget;
    }

    /** The value of a clean text; {@link Value.Words} when it is words. Throws {@link Unparsed} when it is nothing known. */
    Value parse(String clean, boolean plainText) {
        String text = clean.strip();
        if (text.isEmpty()) {
            throw Unparsed.because("nothing");
        }
        if (text.length() > Budget.LENGTH) {
            throw Unparsed.tooLarge("a text of " + text.length() + " characters");
        }
        if (plainText && DECIMAL_COMMA.matcher(text).matches()) {
            text = text.replace(',', '.');
        }
        Matcher wholeText = TEXT.matcher(text);
        if (wholeText.matches()) {
            text = wholeText.group(1).strip();
        }
        if (text.matches("\\([A-Za-z]\\)")) {
            text = text.substring(1, 2);
        }
        if (Words.isWords(text)) {
            return new Value.Words(AnswerText.key(text));
        }
        return list(text);
    }

    /** Whether a text is a value through and through, not words. */
    static boolean isValue(String text) {
        try {
            return !(new AnswerParser(new Budget()).parse(AnswerText.clean(text), true) instanceof Value.Words);
        } catch (Unparsed e) {
            return false;
        }
    }

    private Value list(String text) {
        if (++depth > 8) {
            throw Unparsed.tooLarge("nested deeper than 8");
        }
        String commas = CONJUNCTION.matcher(text).replaceAll(",").replaceAll(",\\s*,", ",");
        List<String> parts = splitAtTop(joinThousands(commas.strip()), ",;");
        Value value = parts.size() == 1 ? single(parts.get(0)) : new Value.Unordered("", items(parts));
        depth--;
        return value;
    }

    private List<Value> items(List<String> parts) {
        List<Value> values = new ArrayList<>();
        for (String part : parts) {
            Value value = list(part);
            if (value instanceof Value.Unordered inner && inner.kind().equals("±")) {
                values.addAll(inner.items());
            } else {
                values.add(value);
            }
        }
        return values;
    }

    private Value single(String part) {
        String text = part.strip();
        if (text.isEmpty()) {
            throw Unparsed.because("an empty place in a list");
        }
        if (text.equals("\\emptyset") || text.equals("\\varnothing")) {
            return new Value.Unordered("", List.of());
        }
        List<String> union = List.of(text.split("\\\\cup(?![A-Za-z])", -1));
        if (union.size() > 1) {
            return new Value.Unordered("union", items(union));
        }
        List<String> sides = splitAtTop(text, "=");
        if (sides.size() > 1) {
            return equation(sides);
        }
        Value group = group(text);
        return group != null ? group : plusMinus(text);
    }

    private Value equation(List<String> sides) {
        Value right = single(sides.get(sides.size() - 1));
        String left = sides.get(sides.size() - 2).replace(" ", "");
        if (sides.size() > 2) {
            return right;
        }
        Value leftGroup = left.startsWith("(") ? group(left) : null;
        if (leftGroup instanceof Value.Ordered && right instanceof Value.Ordered) {
            return right;
        }
        String name = NAMED.matcher(left).matches() ? left : null;
        Quotient leftValue = valueOrNull(left);
        if (leftValue != null && !leftValue.hasVariable()) {
            return right;
        }
        Quotient difference = right instanceof Value.Quantity quantity && leftValue != null
                ? leftValue.plus(quantity.value().negate(), budget)
                : null;
        if (name == null && difference == null) {
            throw Unparsed.because("an equation that is not understood");
        }
        return new Value.Equation(name, right, difference);
    }

    private @Nullable Quotient valueOrNull(String text) {
        try {
            return expression(text);
        } catch (Unparsed e) {
            return null;
        }
    }

    /** A tuple, interval or set; null when the text is not in such brackets as a whole. */
    private @Nullable Value group(String text) {
        boolean set = text.startsWith("\\{") && text.endsWith("\\}");
        char open = text.charAt(0);
        char close = text.charAt(text.length() - 1);
        boolean ordered = (open == '(' || open == '[') && (close == ')' || close == ']');
        if (!set && !ordered || text.length() < (set ? 4 : 2)) {
            return null;
        }
        int edge = set ? 2 : 1;
        String inside = text.substring(edge, text.length() - edge);
        List<String> parts = splitAtTop(inside, ",;");
        if (set) {
            return new Value.Unordered("", inside.isBlank() ? List.of() : items(parts));
        }
        return parts.size() > 1 ? new Value.Ordered(open, items(parts), close) : null;
    }

    /** {@code a \pm b} is both a + b and a - b. */
    private Value plusMinus(String text) {
        String[] sides = text.split("\\\\pm(?![A-Za-z])", -1);
        if (sides.length == 1) {
            return quantity(text);
        }
        if (sides.length > 2) {
            throw Unparsed.because("several plus-minus signs");
        }
        return new Value.Unordered(
                "±", List.of(quantity(sides[0] + "+" + sides[1]), quantity(sides[0] + "-" + sides[1])));
    }

    private Value quantity(String text) {
        String bare = text.strip();
        Matcher percent = PERCENT.matcher(bare);
        boolean isPercent = percent.find();
        bare = isPercent ? bare.substring(0, percent.start()).strip() : bare;
        if (bare.matches("[-+]?\\s*\\\\infty")) {
            return new Value.Infinite(bare.startsWith("-"));
        }
        Matcher degrees = DEGREES.matcher(bare);
        if (degrees.find() && !bare.matches(".*\\\\?(?:sin|cos|tan|cot|sec|csc).*")) {
            bare = bare.substring(0, degrees.start()).strip();
        }
        String number = Units.strip(bare);
        Quotient value = expression(number);
        if (!number.equals(bare) && value.hasVariable()) {
            throw Unparsed.because("words after an expression");
        }
        return new Value.Quantity(value, isPercent, decimals(number));
    }

    private static int decimals(String text) {
        Matcher decimal = LONG_DECIMAL.matcher(text);
        if (!decimal.matches()) {
            return -1;
        }
        String significant = (decimal.group(1) + decimal.group(2)).replaceAll("^0+", "");
        return significant.length() >= 6 ? decimal.group(2).length() : -1;
    }

    private Quotient expression(String text) {
        Matcher scientific = SCIENTIFIC.matcher(text);
        if (scientific.matches()) {
            String mantissa = scientific.group(1).replace("+", "");
            boolean negative = mantissa.startsWith("-");
            Rational digits = Rational.ofDecimal(negative ? mantissa.substring(1) : mantissa);
            Rational power = Rational.of(10).power(Integer.parseInt(scientific.group(2)));
            Rational value = digits.times(power);
            return Quotient.of(negative ? value.negate() : value);
        }
        return new Evaluator(budget).value(ExpressionParser.parse(Token.split(text)));
    }

    /** Commas in groups of three are read as thousands marks when the number is all there is, but for what counts it. */
    private static String joinThousands(String text) {
        Matcher number = THOUSANDS.matcher(text);
        boolean alone = number.lookingAt() && text.indexOf(',', number.end()) < 0 && text.indexOf(';') < 0;
        return alone ? number.group().replace(",", "") + text.substring(number.end()) : text;
    }

    /** Splits at the given signs outside of all brackets. */
    private static List<String> splitAtTop(String text, String signs) {
        List<String> parts = new ArrayList<>();
        int level = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == '[' || c == '{') {
                level++;
            } else if (c == ')' || c == ']' || c == '}') {
                level--;
            } else if (level == 0 && signs.indexOf(c) >= 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
                if (parts.size() > MOST_ITEMS) {
                    throw Unparsed.tooLarge("more than " + MOST_ITEMS + " items");
                }
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
