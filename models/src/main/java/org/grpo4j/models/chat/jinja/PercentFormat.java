package org.grpo4j.models.chat.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code text % values} for {@code %s}, {@code %r}, {@code %d}, {@code %f} with width and precision. */
final class PercentFormat {

    private static final Pattern DIRECTIVE = Pattern.compile(
            "%(?:\\((?<key>[^)]*)\\))?(?<flags>[-0 +#]*)(?<width>\\d{0,6})(?:\\.(?<digits>\\d{0,3}))?(?<type>.)",
            Pattern.DOTALL);

    private PercentFormat() {}

    static String format(String format, Object values, Budget budget) {
        List<Object> row =
                values instanceof Items items && items.kind() == Items.Kind.TUPLE ? items.values() : List.of(values);
        StringBuilder out = new StringBuilder();
        Matcher matcher = DIRECTIVE.matcher(format);
        int next = 0;
        int at = 0;
        while (matcher.find(at)) {
            out.append(format, at, matcher.start());
            at = matcher.end();
            if (matcher.group("type").equals("%")) {
                out.append('%');
                continue;
            }
            Object value;
            String key = matcher.group("key");
            if (key != null) {
                value = values instanceof Dict dict ? dict.get(key) : null;
            } else {
                value = next < row.size() ? row.get(next) : null;
                next++;
            }
            if (value == null) {
                throw new TemplateException("the format '" + format + "' asks for more values than it is given");
            }
            String text = directive(matcher, value, budget);
            budget.characters(text.length());
            out.append(text);
        }
        // Python takes whatever has keys or positions for a mapping, and those may be left unused.
        boolean mapping = values instanceof Dict
                || values instanceof Undefined
                || (values instanceof Items items && items.isSequence() && items.kind() != Items.Kind.TUPLE);
        if (next < row.size() && !mapping) {
            throw new TemplateException("the format '" + format + "' asks for fewer values than it is given");
        }
        if (format.indexOf('%', at) >= 0) {
            throw new TemplateException("the format '" + format + "' is incomplete");
        }
        return out.append(format, at, format.length()).toString();
    }

    private static String directive(Matcher matcher, Object value, Budget budget) {
        String flags = matcher.group("flags");
        String digits = matcher.group("digits");
        String type = matcher.group("type");
        if (flags.contains("#") || (digits != null && type.equals("d"))) {
            throw TemplateException.unsupported("the format " + matcher.group());
        }
        String text = switch (type) {
            case "s" -> cut(Printer.str(value, budget), digits);
            case "r" -> cut(Printer.repr(value, budget), digits);
            case "d", "i" -> integer(value);
            case "f" -> real(value, digits == null || digits.isEmpty() ? 6 : Integer.parseInt(digits));
            default -> throw TemplateException.unsupported("the format " + matcher.group());
        };
        boolean number = type.equals("d") || type.equals("i") || type.equals("f");
        if (number && !text.startsWith("-")) {
            text = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text;
        }
        String width = matcher.group("width");
        int missing = (width.isEmpty() ? 0 : Integer.parseInt(width)) - PyString.length(text);
        return pad(text, missing, number ? flags : flags.replace("0", ""), budget);
    }

    private static String pad(String text, int missing, String flags, Budget budget) {
        if (flags.contains("-")) {
            return text + PyString.repeat(" ", missing, budget);
        } else if (flags.contains("0")) {
            int sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            return text.substring(0, sign) + PyString.repeat("0", missing, budget) + text.substring(sign);
        }
        return PyString.repeat(" ", missing, budget) + text;
    }

    private static String cut(String text, @Nullable String digits) {
        if (digits == null) {
            return text;
        }
        int length = digits.isEmpty() ? 0 : Integer.parseInt(digits);
        return PyString.slice(text, 0, Math.min(length, PyString.length(text)));
    }

    private static String integer(Object value) {
        if (value instanceof Double number && Double.isFinite(number)) {
            return new BigDecimal(number).toBigInteger().toString();
        }
        return Numbers.integer(value).toString();
    }

    private static String real(Object value, int digits) {
        double number = Numbers.real(value);
        if (!Double.isFinite(number)) {
            return Numbers.repr(number);
        }
        String text =
                new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return 1 / number < 0 && !text.startsWith("-") ? "-" + text : text;
    }
}
