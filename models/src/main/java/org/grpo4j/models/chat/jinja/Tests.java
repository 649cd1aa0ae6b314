package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The tests of {@code value is …} by name. */
final class Tests {

    @FunctionalInterface
    private interface Test {
        boolean holds(Arguments arguments, Rendering rendering);
    }

    private static final Map<String, Test> ALL = new HashMap<>();

    static {
        plain("defined", value -> !(value instanceof Undefined));
        plain("undefined", value -> value instanceof Undefined);
        plain("none", value -> value == None.NONE);
        plain("boolean", value -> value instanceof Boolean);
        plain("true", value -> value.equals(true));
        plain("false", value -> value.equals(false));
        plain("integer", value -> value instanceof BigInteger);
        plain("float", value -> value instanceof Double);
        plain("number", Types::isNumber);
        plain("string", value -> value instanceof String || value instanceof Markup);
        plain("mapping", value -> value instanceof Dict);
        plain("iterable", Iteration::isIterable);
        plain("sequence", Tests::isSequence);
        plain("callable", value -> value instanceof Function || value instanceof Undefined);
        plain("odd", value -> remainder(value, Numbers.of(2)).equals(BigInteger.ONE));
        plain("even", value -> remainder(value, Numbers.of(2)).signum() == 0);
        ALL.put("lower", (arguments, rendering) -> hasCase(arguments, rendering, true));
        ALL.put("upper", (arguments, rendering) -> hasCase(arguments, rendering, false));
        ALL.put("divisibleby", (arguments, rendering) -> {
            Arguments.Bound bound = arguments.bind("divisibleby", "value", "num");
            return remainder(bound.required("value"), bound.required("num")).signum() == 0;
        });
        ALL.put("sameas", Tests::same);
        ALL.put(
                "filter",
                (arguments, rendering) -> exists(arguments, Filters.exists(String.valueOf(arguments.subject()))));
        ALL.put(
                "test",
                (arguments, rendering) -> exists(arguments, ALL.containsKey(String.valueOf(arguments.subject()))));
        compared("==", "eq", "equalto", "==");
        compared("!=", "ne", "!=");
        compared("<", "lt", "lessthan", "<");
        compared("<=", "le", "<=");
        compared(">", "gt", "greaterthan", ">");
        compared(">=", "ge", ">=");
        compared("in", "in");
    }

    private Tests() {}

    /** @param arguments the tested value first */
    static boolean holds(String name, Arguments arguments, Rendering rendering) {
        Test test = ALL.get(name);
        if (test == null) {
            throw TemplateException.unsupported("the test '" + name + "'");
        }
        return test.holds(arguments, rendering);
    }

    private static void plain(String name, Predicate<Object> test) {
        ALL.put(
                name,
                (arguments, rendering) ->
                        test.test(arguments.bind(name, "value").required("value")));
    }

    private static void compared(String operator, String... names) {
        for (String name : names) {
            ALL.put(name, (arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind(name, "value", "other");
                return Comparing.test(operator, bound.required("value"), bound.required("other"), rendering.budget());
            });
        }
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof Dict
                || value instanceof Undefined
                || value instanceof Markup
                || (value instanceof Items items && items.isSequence());
    }

    private static BigInteger remainder(Object value, Object divisor) {
        if (value instanceof Double || divisor instanceof Double) {
            throw TemplateException.unsupported("a test for divisibility of a float");
        } else if (Operators.binary("%", value, divisor, new Budget()) instanceof BigInteger remainder) {
            return remainder;
        }
        throw new TemplateException("'" + Types.name(value) + "' is no number");
    }

    private static boolean hasCase(Arguments arguments, Rendering rendering, boolean lower) {
        String text = Printer.str(arguments.subject(), rendering.budget());
        return StringMethods.hasCase(text, lower ? Character::isLowerCase : Character::isUpperCase);
    }

    private static boolean exists(Arguments arguments, boolean exists) {
        if (!exists && arguments.subject() instanceof String name) {
            // Jinja2 may have it although this renderer does not, and then the template would go another way.
            throw TemplateException.unsupported("asking for a filter or test '" + name + "'");
        }
        return exists;
    }

    /** Identity is defined for the values there is only one of. */
    private static boolean same(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("sameas", "value", "other");
        Object value = bound.required("value");
        Object other = bound.required("other");
        boolean single =
                value instanceof Boolean || value == None.NONE || other instanceof Boolean || other == None.NONE;
        if (single || !value.getClass().equals(other.getClass())) {
            return value.equals(other);
        }
        throw TemplateException.unsupported("the test 'sameas' of two values of type " + Types.name(value));
    }
}
