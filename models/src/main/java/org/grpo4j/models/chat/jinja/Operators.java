package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic operators on numbers, texts and lists. */
final class Operators {

    private Operators() {}

    static Object unary(String operator, Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Double number) {
            return operator.equals("-") ? (Object) (-number) : number;
        } else if (Types.isNumber(value)) {
            BigInteger number = Numbers.integer(value);
            return operator.equals("-") ? number.negate() : number;
        }
        throw new TemplateException("bad operand type for unary " + operator + ": '" + Types.name(value) + "'");
    }

    static Object binary(String operator, Object a, Object b, Budget budget) {
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        } else if (operator.equals("%") && a instanceof String format) {
            return PercentFormat.format(format, b, budget);
        } else if (b instanceof Undefined undefined) {
            throw undefined.error();
        } else if (Types.isNumber(a) && Types.isNumber(b)) {
            boolean real = a instanceof Double || b instanceof Double || operator.equals("/");
            return real
                    ? reals(operator, Numbers.real(a), Numbers.real(b))
                    : integers(operator, Numbers.integer(a), Numbers.integer(b));
        } else if (operator.equals("+")) {
            return add(a, b, budget);
        } else if (operator.equals("*") && !(a instanceof Double) && Types.isNumber(a)) {
            return repeat(b, a, budget);
        } else if (operator.equals("*") && !(b instanceof Double) && Types.isNumber(b)) {
            return repeat(a, b, budget);
        }
        throw wrongTypes(operator, a, b);
    }

    private static TemplateException wrongTypes(String operator, Object a, Object b) {
        if (a instanceof Markup || b instanceof Markup) {
            return TemplateException.unsupported("'" + operator + "' on text marked as safe");
        } else if (operator.equals("+") && a instanceof String) {
            return new TemplateException("can only concatenate str (not \"" + Types.name(b) + "\") to str");
        }
        return new TemplateException(
                "unsupported operand types for " + operator + ": '" + Types.name(a) + "' and '" + Types.name(b) + "'");
    }

    private static Object integers(String operator, BigInteger a, BigInteger b) {
        if (operator.equals("**") && b.signum() < 0) {
            return reals(operator, a.doubleValue(), b.doubleValue());
        }
        if ((operator.equals("//") || operator.equals("%")) && b.signum() == 0) {
            throw new TemplateException("integer division or modulo by zero");
        }
        return Numbers.bounded(
                switch (operator) {
                    case "+" -> a.add(b);
                    case "-" -> a.subtract(b);
                    case "*" -> a.multiply(b);
                    case "//" -> Numbers.floorDivide(a, b);
                    case "%" -> a.subtract(Numbers.floorDivide(a, b).multiply(b));
                    default -> Numbers.power(a, b);
                });
    }

    private static Object reals(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Numbers.floorDivide(a, b);
            case "%" -> Numbers.floorModulo(a, b);
            default -> realPower(a, b);
        };
    }

    private static double realPower(double a, double b) {
        if (a == 0 && b < 0) {
            throw new TemplateException("0.0 cannot be raised to a negative power");
        }
        double power = Math.pow(a, b);
        if (Double.isNaN(power) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw TemplateException.unsupported("a complex number");
        } else if (Double.isInfinite(power) && Double.isFinite(a) && Double.isFinite(b)) {
            throw new TemplateException("the result of ** is too large");
        }
        return power;
    }

    private static Object add(Object a, Object b, Budget budget) {
        if (a instanceof String x && b instanceof String y) {
            budget.characters((long) x.length() + y.length());
            return x + y;
        }
        if (a instanceof Items x && b instanceof Items y && x.kind() == y.kind() && isListOrTuple(x)) {
            budget.elements((long) x.values().size() + y.values().size());
            List<Object> both = new ArrayList<>(x.values());
            both.addAll(y.values());
            return Items.of(x.kind(), both);
        }
        throw wrongTypes("+", a, b);
    }

    private static Object repeat(Object value, Object count, Budget budget) {
        int times = Math.max(0, Numbers.index(count));
        if (value instanceof String text) {
            return PyString.repeat(text, times, budget);
        }
        if (value instanceof Items items && isListOrTuple(items)) {
            budget.elements((long) items.values().size() * times);
            List<Object> repeated = new ArrayList<>();
            for (int i = 0; i < times && !items.values().isEmpty(); i++) {
                repeated.addAll(items.values());
            }
            return Items.of(items.kind(), repeated);
        }
        throw wrongTypes("*", value, count);
    }

    private static boolean isListOrTuple(Items items) {
        return items.kind() == Items.Kind.LIST || items.kind() == Items.Kind.TUPLE;
    }
}
