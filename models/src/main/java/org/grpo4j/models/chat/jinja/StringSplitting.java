package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code str.split} and its relatives. */
final class StringSplitting {

    private StringSplitting() {}

    static Function find(String text, String name) {
        return switch (name) {
            case "split", "rsplit" ->
                (arguments, rendering) -> {
                    Arguments.Bound bound = arguments.bind(name, "sep", "maxsplit");
                    @Nullable String separator = bound.unlessNone("sep") == null ? null : bound.text("sep");
                    List<String> parts = split(text, separator, bound.integer("maxsplit", -1), name.equals("rsplit"));
                    return StringMethods.list(parts, rendering.budget());
                };
            case "splitlines" ->
                (arguments, rendering) -> {
                    boolean keep = arguments.bind(name, "keepends").flag("keepends", false);
                    return StringMethods.list(lines(text, keep), rendering.budget());
                };
            case "join" ->
                (arguments, rendering) ->
                        join(text, arguments.bindPositional(name, "iterable").required("iterable"), rendering.budget());
            default ->
                (arguments, rendering) ->
                        partition(text, arguments.bindPositional(name, "sep").text("sep"), name.equals("rpartition"));
        };
    }

    private static List<String> split(String text, @Nullable String separator, int atMost, boolean fromRight) {
        if (separator != null && separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        if (!fromRight) {
            return separator == null ? words(text, atMost) : parts(text, separator, atMost);
        }
        // From the right is from the left, mirrored.
        String mirrored = mirror(text);
        List<String> parts = new ArrayList<>(
                separator == null ? words(mirrored, atMost) : parts(mirrored, mirror(separator), atMost));
        Collections.reverse(parts);
        return parts.stream().map(StringSplitting::mirror).toList();
    }

    private static String mirror(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static List<String> parts(String text, String separator, int atMost) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int next = text.indexOf(separator);
        while (next >= 0 && (atMost < 0 || parts.size() < atMost)) {
            parts.add(text.substring(from, next));
            from = next + separator.length();
            next = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> words(String text, int atMost) {
        List<String> words = new ArrayList<>();
        String rest = PyString.strip(text, null, true, false);
        while (!rest.isEmpty() && (atMost < 0 || words.size() < atMost)) {
            int end = 0;
            while (end < rest.length() && !PyString.isSpace(rest.charAt(end))) {
                end++;
            }
            words.add(rest.substring(0, end));
            rest = PyString.strip(rest.substring(end), null, true, false);
        }
        if (!rest.isEmpty()) {
            words.add(rest);
        }
        return words;
    }

    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(text.charAt(i)) >= 0) {
                int end = i;
                if (text.charAt(i) == '\r' && text.startsWith("\n", i + 1)) {
                    i++;
                }
                lines.add(text.substring(from, keepEnds ? i + 1 : end));
                from = i + 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    private static String join(String separator, Object iterable, Budget budget) {
        StringBuilder out = new StringBuilder();
        int index = 0;
        for (Object item : Iteration.of(iterable, budget)) {
            if (!(item instanceof String text)) {
                throw new TemplateException(
                        "sequence item " + index + ": expected str instance, " + Types.name(item) + " found");
            }
            budget.characters((long) text.length() + separator.length());
            out.append(index == 0 ? "" : separator).append(text);
            index++;
        }
        return out.toString();
    }

    private static Items partition(String text, String separator, boolean fromRight) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        int at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return fromRight ? Items.tuple("", "", text) : Items.tuple(text, "", "");
        }
        return Items.tuple(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
