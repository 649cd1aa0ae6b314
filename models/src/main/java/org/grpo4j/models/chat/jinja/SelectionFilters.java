package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters that look at every value of a row: choosing, changing and ordering. */
final class SelectionFilters {

    static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("map", SelectionFilters::map),
            Map.entry("select", (arguments, rendering) -> select(arguments, rendering, false, true)),
            Map.entry("reject", (arguments, rendering) -> select(arguments, rendering, false, false)),
            Map.entry("selectattr", (arguments, rendering) -> select(arguments, rendering, true, true)),
            Map.entry("rejectattr", (arguments, rendering) -> select(arguments, rendering, true, false)),
            Map.entry("sort", SelectionFilters::sort),
            Map.entry("dictsort", SelectionFilters::dictSort),
            Map.entry("unique", SelectionFilters::unique),
            Map.entry("min", (arguments, rendering) -> extreme(arguments, rendering, "min")),
            Map.entry("max", (arguments, rendering) -> extreme(arguments, rendering, "max")));

    private SelectionFilters() {}

    /** Jinja2 takes anything false, even None, for an empty row here. */
    private static Iterable<Object> values(Object value, Rendering rendering) {
        return Truth.of(value) ? Iteration.of(value, rendering.budget()) : List.of();
    }

    private static Object map(Arguments arguments, Rendering rendering) {
        List<Object> mapped = new ArrayList<>();
        boolean byAttribute =
                arguments.positional().size() == 1 && arguments.keywords().containsKey("attribute");
        if (byAttribute) {
            Arguments.Bound bound = arguments.bind("map", "value", "attribute", "default");
            Path path = Path.of(bound.required("attribute"));
            @Nullable Object fallback = bound.unlessNone("default");
            for (Object item : values(arguments.subject(), rendering)) {
                mapped.add(path.in(item, fallback, rendering.budget()));
            }
            return Items.generator(mapped);
        }
        String filter = name(arguments, 1, "map requires a filter argument");
        Arguments rest = arguments.withoutFirst(2);
        for (Object item : values(arguments.subject(), rendering)) {
            mapped.add(Filters.apply(filter, rest.withFirst(item), rendering));
        }
        return Items.generator(mapped);
    }

    private static String name(Arguments arguments, int position, String complaint) {
        if (arguments.positional().size() > position && arguments.positional().get(position) instanceof String name) {
            return name;
        }
        throw new TemplateException(complaint);
    }

    private static Object select(Arguments arguments, Rendering rendering, boolean attribute, boolean wanted) {
        if (attribute && arguments.positional().size() < 2) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        Path path = Path.of(attribute ? arguments.positional().get(1) : null);
        int test = attribute ? 2 : 1;
        @Nullable
        String name = arguments.positional().size() > test
                ? name(arguments, test, "the name of a test must be a text")
                : null;
        Arguments rest = arguments.withoutFirst(test + 1);
        List<Object> selected = new ArrayList<>();
        for (Object item : values(arguments.subject(), rendering)) {
            Object value = path.in(item, rendering.budget());
            boolean holds = name == null ? Truth.of(value) : Tests.holds(name, rest.withFirst(value), rendering);
            if (holds == wanted) {
                selected.add(item);
            }
        }
        return Items.generator(selected);
    }

    private static Object sort(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("sort", "value", "reverse", "case_sensitive", "attribute");
        boolean caseSensitive = bound.flag("case_sensitive", false);
        @Nullable Object attribute = bound.unlessNone("attribute");
        List<Path> paths = attribute instanceof String text
                ? Arrays.stream(text.split(",", -1)).map(Path::of).toList()
                : List.of(Path.of(attribute));
        List<Object> values = new ArrayList<>(Iteration.list(arguments.subject(), rendering.budget()));
        List<Keyed> keyed = new ArrayList<>();
        for (Object value : values) {
            List<Object> keys = paths.stream()
                    .map(path -> folded(path.in(value, rendering.budget()), caseSensitive))
                    .toList();
            keyed.add(new Keyed(keys.size() == 1 ? keys.get(0) : Items.of(Items.Kind.TUPLE, keys), value));
        }
        return sorted(keyed, bound.flag("reverse", false), rendering);
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof String text ? PyString.lower(text) : value;
    }

    private record Keyed(Object key, Object value) {}

    private static Items sorted(List<Keyed> keyed, boolean reverse, Rendering rendering) {
        Comparator<Keyed> order = (a, b) -> Comparing.order(a.key(), b.key(), rendering.budget());
        keyed.sort(reverse ? order.reversed() : order);
        return Items.list(keyed.stream().map(Keyed::value).toList());
    }

    private static Object dictSort(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("dictsort", "value", "case_sensitive", "by", "reverse");
        String by = bound.get("by") == null ? "key" : bound.text("by");
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        }
        if (!(arguments.subject() instanceof Dict dict)) {
            throw new TemplateException("dictsort needs a mapping, not " + Types.name(arguments.subject()));
        }
        boolean caseSensitive = bound.flag("case_sensitive", false);
        rendering.budget().elements(dict.size());
        List<Keyed> keyed = new ArrayList<>();
        for (Object entry : dict.entries()) {
            Object key = ((Items) entry).values().get(by.equals("key") ? 0 : 1);
            keyed.add(new Keyed(folded(key, caseSensitive), entry));
        }
        return sorted(keyed, bound.flag("reverse", false), rendering);
    }

    private static Object unique(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("unique", "value", "case_sensitive", "attribute");
        Path path = Path.of(bound.unlessNone("attribute"));
        Set<Object> seen = new HashSet<>();
        List<Object> kept = new ArrayList<>();
        for (Object item : Iteration.of(arguments.subject(), rendering.budget())) {
            Object key = folded(path.in(item, rendering.budget()), bound.flag("case_sensitive", false));
            if (seen.add(Dict.hashed(key))) {
                kept.add(item);
            }
        }
        return Items.generator(kept);
    }

    private static Object extreme(Arguments arguments, Rendering rendering, String name) {
        Arguments.Bound bound = arguments.bind(name, "value", "case_sensitive", "attribute");
        Path path = Path.of(bound.unlessNone("attribute"));
        @Nullable Keyed best = null;
        for (Object item : Iteration.of(arguments.subject(), rendering.budget())) {
            Object key = folded(path.in(item, rendering.budget()), bound.flag("case_sensitive", false));
            int order = best == null ? 0 : Comparing.order(key, best.key(), rendering.budget());
            if (best == null || (name.equals("min") ? order < 0 : order > 0)) {
                best = new Keyed(key, item);
            }
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best.value();
    }
}
