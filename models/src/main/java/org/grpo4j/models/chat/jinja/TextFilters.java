package org.grpo4j.models.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Filters that give a text. */
final class TextFilters {

    static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("trim", TextFilters::trim),
            Map.entry("upper", change("upper", PyString::upper)),
            Map.entry("lower", change("lower", PyString::lower)),
            Map.entry("capitalize", change("capitalize", PyString::capitalize)),
            Map.entry("title", change("title", TextFilters::title)),
            Map.entry("string", change("string", text -> text)),
            Map.entry("replace", TextFilters::replace),
            Map.entry("center", TextFilters::center),
            Map.entry("indent", TextFilters::indent),
            Map.entry("format", TextFilters::format),
            Map.entry("safe", (arguments, rendering) -> new Markup(text(arguments, rendering))),
            Map.entry("e", TextFilters::escape),
            Map.entry("escape", TextFilters::escape),
            Map.entry("tojson", TextFilters::toJson));

    private TextFilters() {}

    private static String text(Arguments arguments, Rendering rendering) {
        if (arguments.subject() instanceof Markup) {
            throw TemplateException.unsupported("a filter on text marked as safe");
        }
        return Printer.str(arguments.subject(), rendering.budget());
    }

    private static Function change(String name, UnaryOperator<String> change) {
        return (arguments, rendering) -> {
            arguments.bind(name, "s");
            String changed = change.apply(text(arguments, rendering));
            rendering.budget().characters(changed.length());
            return changed;
        };
    }

    private static Object trim(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("trim", "value", "chars");
        String characters = bound.unlessNone("chars") == null ? null : bound.text("chars");
        return PyString.strip(text(arguments, rendering), characters, true, true);
    }

    /** Jinja2's own idea of a word, which is not that of {@code str.title}. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String character = Character.toString(c);
            boolean separator = PyString.isSpace(c) || "-({[<".indexOf(c) >= 0;
            out.append(separator ? character : start ? PyString.upper(character) : PyString.lower(character));
            start = separator;
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static Object replace(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("replace", "s", "old", "new", "count");
        Budget budget = rendering.budget();
        int count = bound.unlessNone("count") == null ? -1 : bound.integer("count", -1);
        return PyString.replace(
                text(arguments, rendering),
                Printer.str(bound.required("old"), budget),
                Printer.str(bound.required("new"), budget),
                count,
                budget);
    }

    private static Object center(Arguments arguments, Rendering rendering) {
        Object width = arguments.bind("center", "value", "width").or("width", Numbers.of(80));
        Function method = StringMethods.find(text(arguments, rendering), "center");
        return method == null ? None.NONE : method.call(Arguments.of(width), rendering);
    }

    private static Object indent(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("indent", "s", "width", "first", "blank");
        Budget budget = rendering.budget();
        Object width = bound.or("width", Numbers.of(4));
        String indent = width instanceof String text ? text : PyString.repeat(" ", Numbers.index(width), budget);
        boolean blank = bound.flag("blank", false);
        List<String> lines = StringSplitting.lines(bound.text("s") + "\n", false);
        budget.characters(
                (long) lines.size() * (indent.length() + 1) + bound.text("s").length());
        String rest = lines.stream()
                .skip(1)
                .map(line -> "\n" + (blank || !line.isEmpty() ? indent + line : line))
                .collect(Collectors.joining());
        return (bound.flag("first", false) ? indent : "") + lines.get(0) + rest;
    }

    private static Object format(Arguments arguments, Rendering rendering) {
        Arguments values = arguments.withoutFirst(1);
        if (!values.keywords().isEmpty() && !values.positional().isEmpty()) {
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        }
        Object row = Items.of(Items.Kind.TUPLE, values.positional());
        if (!values.keywords().isEmpty()) {
            Dict dict = new Dict();
            values.keywords().forEach(dict::put);
            row = dict;
        }
        return PercentFormat.format(text(arguments, rendering), row, rendering.budget());
    }

    private static Object escape(Arguments arguments, Rendering rendering) {
        String text = text(arguments, rendering);
        rendering.budget().characters(text.length() * 5L);
        return new Markup(text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;"));
    }

    /** As transformers defines it: no escapes beyond ASCII, nothing made safe for HTML. */
    private static Object toJson(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("tojson", "x", "ensure_ascii", "indent", "separators", "sort_keys");
        Object width = bound.unlessNone("indent");
        @Nullable
        String indent = width == null || width instanceof String
                ? (String) width
                : PyString.repeat(" ", Numbers.index(width), rendering.budget());
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        Object separators = bound.unlessNone("separators");
        if (separators != null) {
            List<Object> pair = Iteration.list(separators, rendering.budget());
            if (pair.size() != 2 || !(pair.get(0) instanceof String item) || !(pair.get(1) instanceof String key)) {
                throw new TemplateException("tojson: separators must be two texts");
            }
            itemSeparator = item;
            keySeparator = key;
        }
        Json.Style style = new Json.Style(
                bound.flag("ensure_ascii", false), indent, itemSeparator, keySeparator, bound.flag("sort_keys", false));
        return Json.dumps(arguments.subject(), style, rendering.budget());
    }
}
