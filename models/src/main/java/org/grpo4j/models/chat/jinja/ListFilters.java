package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters on rows of values as a whole. */
final class ListFilters {

    static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("length", ListFilters::length),
            Map.entry("count", ListFilters::length),
            Map.entry(
                    "list",
                    (arguments, rendering) -> Items.list(
                            Iteration.list(arguments.bind("list", "value").required("value"), rendering.budget()))),
            Map.entry("first", ListFilters::first),
            Map.entry("last", ListFilters::last),
            Map.entry("join", ListFilters::join),
            Map.entry("reverse", ListFilters::reverse),
            Map.entry("items", ListFilters::items),
            Map.entry("batch", ListFilters::batch),
            Map.entry("slice", ListFilters::slice),
            Map.entry("sum", ListFilters::sum));

    private ListFilters() {}

    private static Object length(Arguments arguments, Rendering rendering) {
        return Numbers.of(Iteration.length(arguments.bind("length", "obj").required("obj")));
    }

    private static Object first(Arguments arguments, Rendering rendering) {
        Iterator<Object> values = Iteration.of(arguments.bind("first", "seq").required("seq"), rendering.budget())
                .iterator();
        return values.hasNext() ? values.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Arguments arguments, Rendering rendering) {
        Object value = arguments.bind("last", "seq").required("seq");
        if (value instanceof Items items && !items.hasLength()) {
            throw new TemplateException("'generator' object is not reversible");
        }
        List<Object> values = Iteration.list(value, rendering.budget());
        return values.isEmpty() ? new Undefined("No last item, sequence was empty.") : values.get(values.size() - 1);
    }

    private static Object join(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("join", "value", "d", "attribute");
        Budget budget = rendering.budget();
        String separator = Printer.str(bound.or("d", ""), budget);
        Path path = Path.of(bound.unlessNone("attribute"));
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object item : Iteration.of(arguments.subject(), budget)) {
            Object value = path.in(item, budget);
            if (value instanceof Markup) {
                throw TemplateException.unsupported("join of text marked as safe");
            }
            String text = Printer.str(value, budget);
            budget.characters((long) text.length() + separator.length());
            out.append(between).append(text);
            between = separator;
        }
        return out.toString();
    }

    private static Object reverse(Arguments arguments, Rendering rendering) {
        Object value = arguments.bind("reverse", "value").required("value");
        if (value instanceof String text) {
            rendering.budget().characters(text.length());
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> values = new ArrayList<>(Iteration.list(value, rendering.budget()));
        Collections.reverse(values);
        boolean once = value instanceof Items items && !items.hasLength();
        return once ? Items.list(values) : Items.generator(values);
    }

    private static Object items(Arguments arguments, Rendering rendering) {
        Object value = arguments.bind("items", "value").required("value");
        if (value instanceof Undefined) {
            return Items.generator(List.of());
        } else if (value instanceof Dict dict) {
            rendering.budget().elements(dict.size());
            return Items.generator(dict.entries());
        }
        throw new TemplateException("Can only get item pairs from a mapping.");
    }

    private static Object batch(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("batch", "value", "linecount", "fill_with");
        int size = Numbers.index(bound.required("linecount"));
        List<Object> values = Iteration.list(arguments.subject(), rendering.budget());
        Object fill = bound.unlessNone("fill_with");
        if (size < 1) {
            throw TemplateException.unsupported("batch of " + size);
        }
        List<Object> batches = new ArrayList<>();
        for (int from = 0; from < values.size(); from += size) {
            List<Object> batch = new ArrayList<>(values.subList(from, Math.min(values.size(), from + size)));
            if (fill != null) {
                rendering.budget().elements(size);
                batch.addAll(Collections.nCopies(size - batch.size(), fill));
            }
            batches.add(Items.list(batch));
            if (size > values.size() - from) {
                break;
            }
        }
        return Items.generator(batches);
    }

    private static Object slice(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("slice", "value", "slices", "fill_with");
        int count = Numbers.index(bound.required("slices"));
        if (count < 1) {
            throw TemplateException.unsupported("slice into " + count);
        }
        List<Object> values = Iteration.list(arguments.subject(), rendering.budget());
        rendering.budget().elements(count);
        Object fill = bound.unlessNone("fill_with");
        int longer = values.size() % count;
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + values.size() / count + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(values.subList(from, to));
            if (fill != null && i >= longer) {
                slice.add(fill);
            }
            slices.add(Items.list(slice));
            from = to;
        }
        return Items.generator(slices);
    }

    private static Object sum(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("sum", "iterable", "attribute", "start");
        Path path = Path.of(bound.unlessNone("attribute"));
        Object sum = bound.or("start", Numbers.of(0));
        if (sum instanceof String) {
            throw new TemplateException("sum() can't sum strings [use ''.join(seq) instead]");
        }
        for (Object item : Iteration.of(arguments.subject(), rendering.budget())) {
            sum = Operators.binary("+", sum, path.in(item, rendering.budget()), rendering.budget());
        }
        return sum;
    }
}
