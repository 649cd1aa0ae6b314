package org.grpo4j.models.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class StringMethods {

    private StringMethods() {}

    /** The method of a text, or null if {@code str} has none of this name. */
    static @Nullable Function find(String text, String name) {
        return switch (name) {
            case "strip" -> strip(text, name, true, true);
            case "lstrip" -> strip(text, name, true, false);
            case "rstrip" -> strip(text, name, false, true);
            case "upper" -> change(name, () -> PyString.upper(text));
            case "lower" -> change(name, () -> PyString.lower(text));
            case "casefold" -> change(name, () -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            case "title" -> change(name, () -> PyString.title(text));
            case "capitalize" -> change(name, () -> PyString.capitalize(text));
            case "swapcase" -> change(name, () -> swapCase(text));
            case "split", "rsplit", "splitlines", "partition", "rpartition", "join" -> StringSplitting.find(text, name);
            case "startswith", "endswith", "find", "rfind", "index", "rindex", "count" -> StringSearch.find(text, name);
            case "replace" ->
                (arguments, rendering) -> {
                    Arguments.Bound bound = arguments.bindPositional(name, "old", "new", "count");
                    return PyString.replace(
                            text, bound.text("old"), bound.text("new"), bound.integer("count", -1), rendering.budget());
                };
            case "removeprefix" ->
                (arguments, rendering) -> {
                    String prefix = arguments.bindPositional(name, "prefix").text("prefix");
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                (arguments, rendering) -> {
                    String suffix = arguments.bindPositional(name, "suffix").text("suffix");
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "ljust", "rjust", "center" -> justify(text, name);
            case "zfill" -> (arguments, rendering) -> zeroFill(text, arguments, rendering.budget());
            case "format" -> (arguments, rendering) -> BraceFormat.format(text, arguments, rendering.budget());
            case "isspace" -> all(text, name, PyString::isSpace);
            case "isdigit", "isdecimal", "isnumeric" -> digits(text, name);
            case "isalpha" -> all(text, name, Character::isLetter);
            case "isalnum" -> all(text, name, c -> Character.isLetter(c) || Character.isDigit(c));
            case "isascii" -> (arguments, rendering) -> text.codePoints().allMatch(c -> c < 0x80);
            case "isupper" -> (arguments, rendering) -> hasCase(text, Character::isUpperCase);
            case "islower" -> (arguments, rendering) -> hasCase(text, Character::isLowerCase);
            case "istitle" -> throw TemplateException.unsupported("the method istitle of a str");
            default -> null;
        };
    }

    private static Function strip(String text, String name, boolean left, boolean right) {
        return (arguments, rendering) -> {
            Arguments.Bound bound = arguments.bindPositional(name, "chars");
            return PyString.strip(text, bound.unlessNone("chars") == null ? null : bound.text("chars"), left, right);
        };
    }

    private static Function change(String name, Supplier<String> change) {
        return (arguments, rendering) -> {
            arguments.bindPositional(name);
            String changed = change.get();
            rendering.budget().characters(changed.length());
            return changed;
        };
    }

    private static String swapCase(String text) {
        UnaryOperator<String> swap =
                c -> Character.isUpperCase(c.codePointAt(0)) ? PyString.lower(c) : PyString.upper(c);
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> out.append(swap.apply(Character.toString(c))));
        return out.toString();
    }

    private static Function all(String text, String name, IntPredicate test) {
        return (arguments, rendering) -> {
            arguments.bindPositional(name);
            return !text.isEmpty() && text.codePoints().allMatch(test);
        };
    }

    /** Beyond ASCII the three tests differ from each other and from Java's. */
    private static Function digits(String text, String name) {
        return (arguments, rendering) -> {
            if (text.codePoints().anyMatch(c -> c >= 0x80 && !Character.isLetter(c))) {
                throw TemplateException.unsupported(name + " of text beyond ASCII");
            }
            return !text.isEmpty() && text.codePoints().allMatch(c -> c >= '0' && c <= '9');
        };
    }

    static boolean hasCase(String text, IntPredicate wanted) {
        boolean any = text.codePoints().anyMatch(PyString::isCased);
        return any && text.codePoints().filter(PyString::isCased).allMatch(wanted);
    }

    private static Function justify(String text, String name) {
        return (arguments, rendering) -> {
            Arguments.Bound bound = arguments.bindPositional(name, "width", "fillchar");
            String fill = bound.get("fillchar") == null ? " " : bound.text("fillchar");
            if (PyString.length(fill) != 1) {
                throw new TemplateException("The fill character must be exactly one character long");
            }
            int width = Numbers.index(bound.required("width"));
            int missing = (int) Math.max(0, (long) width - PyString.length(text));
            int left = switch (name) {
                case "ljust" -> 0;
                case "rjust" -> missing;
                default -> missing / 2 + (missing & width & 1);
            };
            Budget budget = rendering.budget();
            return PyString.repeat(fill, left, budget) + text + PyString.repeat(fill, missing - left, budget);
        };
    }

    private static String zeroFill(String text, Arguments arguments, Budget budget) {
        int width = Numbers.index(arguments.bindPositional("zfill", "width").required("width"));
        int missing = (int) Math.max(0, (long) width - PyString.length(text));
        int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        return text.substring(0, sign) + PyString.repeat("0", missing, budget) + text.substring(sign);
    }

    /** A list of texts as a value. */
    static Items list(List<String> texts, Budget budget) {
        budget.elements(texts.size());
        return Items.list(List.copyOf(texts));
    }
}
