package org.grpo4j.models.chat.jinja;

import java.util.List;

/** {@code str.find}, {@code str.startswith} and their relatives, within {@code [start, end)} if these are given. */
final class StringSearch {

    private StringSearch() {}

    static Function find(String text, String name) {
        return (arguments, rendering) -> {
            Arguments.Bound bound = arguments.bindPositional(name, "text", "start", "end");
            int length = PyString.length(text);
            int start = bound(bound.or("start", None.NONE), 0, length);
            int end = Math.min(length, bound(bound.or("end", None.NONE), length, length));
            if (start > end) {
                return absent(name);
            }
            String part = PyString.slice(text, start, end);
            if (name.equals("startswith") || name.equals("endswith")) {
                return affix(part, bound.required("text"), name);
            }
            return place(part, bound.text("text"), name, start);
        };
    }

    private static int bound(Object given, int fallback, int length) {
        if (given == None.NONE) {
            return fallback;
        }
        long index = Numbers.index(given);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, index < 0 ? index + length : index));
    }

    private static Object absent(String name) {
        return switch (name) {
            case "startswith", "endswith" -> false;
            case "count" -> Numbers.of(0);
            case "find", "rfind" -> Numbers.of(-1);
            default -> throw new TemplateException("substring not found");
        };
    }

    private static boolean affix(String part, Object wanted, String name) {
        boolean tuple = wanted instanceof Items items && items.kind() == Items.Kind.TUPLE;
        List<Object> affixes = tuple ? ((Items) wanted).values() : List.of(wanted);
        for (Object affix : affixes) {
            if (!(affix instanceof String text)) {
                throw new TemplateException(
                        name + " first arg must be str or a tuple of str, not " + Types.name(wanted));
            }
            if (name.equals("startswith") ? part.startsWith(text) : part.endsWith(text)) {
                return true;
            }
        }
        return false;
    }

    private static Object place(String part, String wanted, String name, int start) {
        if (name.equals("count")) {
            return Numbers.of(wanted.isEmpty() ? PyString.length(part) + 1 : PyString.count(part, wanted));
        }
        int at = name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
        return at < 0 ? absent(name) : Numbers.of(start + part.codePointCount(0, at));
    }
}
