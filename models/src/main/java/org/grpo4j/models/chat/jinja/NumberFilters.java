package org.grpo4j.models.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that give a number, and {@code default}. */
final class NumberFilters {

    static final Map<String, Function> ALL = Map.of(
            "int", NumberFilters::integer,
            "float", NumberFilters::real,
            "abs", NumberFilters::absolute,
            "round", NumberFilters::round,
            "default", NumberFilters::fallback,
            "d", NumberFilters::fallback);

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+(_[0-9]+)*");
    private static final Pattern REAL =
            Pattern.compile("[+-]?([0-9]+(_[0-9]+)*\\.?([0-9]+(_[0-9]+)*)?|\\.[0-9]+(_[0-9]+)*)([eE][+-]?[0-9]+)?");

    private NumberFilters() {}

    private static Object integer(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("int", "value", "default", "base");
        Object value = arguments.subject();
        if (bound.integer("base", 10) != 10) {
            throw TemplateException.unsupported("int with another base than 10");
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof String text
                && INTEGER.matcher(stripped(text)).matches()) {
            return Numbers.bounded(
                    new BigInteger(stripped(text).replace("_", "").replaceFirst("^\\+", "")));
        } else if (Types.isNumber(value) && !(value instanceof Double)) {
            return Numbers.integer(value);
        }
        Double number = parsed(value);
        return number == null || !Double.isFinite(number)
                ? bound.or("default", BigInteger.ZERO)
                : new BigDecimal(number).toBigInteger();
    }

    private static Object real(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("float", "value", "default");
        if (arguments.subject() instanceof Undefined undefined) {
            throw undefined.error();
        }
        Double number = parsed(arguments.subject());
        return number == null ? bound.or("default", 0.0) : number;
    }

    private static String stripped(String text) {
        return PyString.strip(text, null, true, true);
    }

    private static @Nullable Double parsed(Object value) {
        if (Types.isNumber(value)) {
            return Numbers.real(value);
        } else if (!(value instanceof String)) {
            return null;
        }
        String text = stripped((String) value);
        if (REAL.matcher(text).matches()) {
            return Double.valueOf(text.replace("_", ""));
        }
        return switch (PyString.lower(text).replaceFirst("^[+-]", "")) {
            case "inf", "infinity" -> text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> null;
        };
    }

    private static Object absolute(Arguments arguments, Rendering rendering) {
        Object value = arguments.bind("abs", "x").required("x");
        return value instanceof Double number
                ? (Object) Math.abs(number)
                : Numbers.integer(value).abs();
    }

    private static Object round(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("round", "value", "precision", "method");
        Object value = arguments.subject();
        int digits = bound.integer("precision", 0);
        String method = bound.get("method") == null ? "common" : bound.text("method");
        if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
            throw new TemplateException("method must be common, ceil or floor");
        }
        if (digits < -300 || digits > 300) {
            throw TemplateException.unsupported("round to " + digits + " digits");
        }
        if (!method.equals("common")) {
            double scale = Math.pow(10, digits);
            double scaled = Numbers.real(value) * scale;
            return (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
        }
        if (value instanceof Double number) {
            return Double.isFinite(number)
                    ? (Object) Math.copySign(
                            new BigDecimal(number)
                                    .setScale(digits, RoundingMode.HALF_EVEN)
                                    .doubleValue(),
                            number)
                    : number;
        }
        BigDecimal whole = new BigDecimal(Numbers.integer(value));
        return whole.setScale(Math.min(0, digits), RoundingMode.HALF_EVEN).toBigInteger();
    }

    private static Object fallback(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("default", "value", "default_value", "boolean");
        Object value = arguments.subject();
        boolean absent = value instanceof Undefined || (bound.flag("boolean", false) && !Truth.of(value));
        return absent ? bound.or("default_value", "") : value;
    }
}
