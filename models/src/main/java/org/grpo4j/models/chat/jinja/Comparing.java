package org.grpo4j.models.chat.jinja;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Python's {@code ==}, {@code <} and {@code in}. */
final class Comparing {

    private Comparing() {}

    static boolean test(String operator, Object a, Object b, Budget budget) {
        return switch (operator) {
            case "==" -> equal(a, b, budget);
            case "!=" -> !equal(a, b, budget);
            case "in" -> contains(b, a, budget);
            case "not in" -> !contains(b, a, budget);
            default -> ordered(operator, a, b, budget);
        };
    }

    static boolean equal(Object a, Object b, Budget budget) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return !isNan(a) && !isNan(b) && Numbers.compare(a, b) == 0;
        } else if (a instanceof Items x && b instanceof Items y) {
            return x == y || (x.kind() == y.kind() && x.isSequence() && equalLists(x.values(), y.values(), budget));
        } else if (a instanceof Dict x && b instanceof Dict y) {
            return equalDicts(x, y, budget);
        } else if (a instanceof Undefined && b instanceof Undefined) {
            return true;
        } else if (a instanceof Markup || b instanceof Markup) {
            throw TemplateException.unsupported("comparing text marked as safe");
        }
        return a.equals(b);
    }

    private static boolean isNan(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    private static boolean equalLists(List<Object> a, List<Object> b, Budget budget) {
        budget.enter();
        boolean equal = a.size() == b.size();
        for (int i = 0; equal && i < a.size(); i++) {
            budget.steps(1);
            equal = equal(a.get(i), b.get(i), budget);
        }
        budget.leave();
        return equal;
    }

    private static boolean equalDicts(Dict a, Dict b, Budget budget) {
        budget.enter();
        boolean equal = a.size() == b.size();
        for (Iterator<Object> keys = a.keys().iterator(); equal && keys.hasNext(); ) {
            budget.steps(1);
            Object key = keys.next();
            Object left = a.get(key);
            Object right = b.get(key);
            equal = left != null && right != null && equal(left, right, budget);
        }
        budget.leave();
        return equal;
    }

    private static boolean ordered(String operator, Object a, Object b, Budget budget) {
        if (isNan(a) || isNan(b)) {
            return false;
        }
        int order = order(operator, a, b, budget);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** Negative, zero or positive, for sorting. */
    static int order(Object a, Object b, Budget budget) {
        return order("<", a, b, budget);
    }

    private static int order(String operator, Object a, Object b, Budget budget) {
        budget.steps(1);
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        } else if (b instanceof Undefined undefined) {
            throw undefined.error();
        } else if (Types.isNumber(a) && Types.isNumber(b)) {
            return Numbers.compare(a, b);
        } else if (a instanceof String x && b instanceof String y) {
            return orderTexts(x, y);
        } else if (a instanceof Items x
                && b instanceof Items y
                && x.isSequence()
                && x.kind() == y.kind()
                && x.kind() != Items.Kind.RANGE) {
            return orderLists(operator, x.values(), y.values(), budget);
        }
        throw new TemplateException("'" + operator + "' not supported between instances of '" + Types.name(a)
                + "' and '" + Types.name(b) + "'");
    }

    /** By code point, which differs from Java's order where surrogates are. */
    private static int orderTexts(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    private static int orderLists(String operator, List<Object> a, List<Object> b, Budget budget) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i), budget)) {
                return order(operator, a.get(i), b.get(i), budget);
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    static boolean contains(Object container, Object wanted, Budget budget) {
        if (container instanceof String text) {
            if (wanted instanceof String part) {
                return text.contains(part);
            }
            throw new TemplateException("'in <string>' requires string as left operand, not " + Types.name(wanted));
        } else if (container instanceof Dict dict) {
            return dict.contains(wanted);
        } else if (container instanceof Items items) {
            for (Object item : items) {
                budget.steps(1);
                if (equal(item, wanted, budget)) {
                    return true;
                }
            }
            return false;
        } else if (container instanceof Undefined) {
            return false;
        }
        if (container instanceof LoopState) {
            throw TemplateException.unsupported("'in loop'");
        }
        throw new TemplateException("argument of type '" + Types.name(container) + "' is not iterable");
    }
}
