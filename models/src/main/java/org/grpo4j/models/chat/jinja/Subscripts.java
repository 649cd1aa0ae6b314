package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code a.b}, {@code a[b]} and slices, which look for keys and attributes in Jinja2's order. */
final class Subscripts {

    private Subscripts() {}

    /** {@code owner.name}: the attribute if there is one, then the key. */
    static Object attribute(Object owner, String name) {
        requireDefined(owner);
        Object found = Attributes.find(owner, name);
        if (found == null && owner instanceof Dict dict) {
            found = dict.get(name);
        }
        return found == null ? Undefined.attribute(owner, name) : found;
    }

    /** {@code owner[key]}: the key if there is one, then the attribute. */
    static Object item(Object owner, Object key, Budget budget) {
        requireDefined(owner);
        Object found = element(owner, key);
        if (found == null && key instanceof String name) {
            found = Attributes.find(owner, name);
        }
        return found == null ? Undefined.element(owner, key, budget) : found;
    }

    private static void requireDefined(Object owner) {
        if (owner instanceof Undefined undefined) {
            throw undefined.error();
        } else if (owner instanceof Markup) {
            throw TemplateException.unsupported("an attribute of text marked as safe");
        }
    }

    private static @Nullable Object element(Object owner, Object key) {
        if (owner instanceof Dict dict) {
            boolean hashable =
                    !(key instanceof Dict) && !(key instanceof Items items && items.kind() != Items.Kind.TUPLE);
            return hashable ? dict.get(key) : null;
        }
        if (!(key instanceof BigInteger) && !(key instanceof Boolean)) {
            return null;
        }
        int index = Numbers.index(key);
        if (owner instanceof String text) {
            int length = PyString.length(text);
            long at = index < 0 ? (long) index + length : index;
            return at < 0 || at >= length ? null : PyString.slice(text, (int) at, (int) at + 1);
        } else if (owner instanceof Items items && items.isSequence()) {
            int length = items.values().size();
            long at = index < 0 ? (long) index + length : index;
            return at < 0 || at >= length ? null : items.values().get((int) at);
        }
        return null;
    }

    /** {@code owner[start:stop:step]}, each None if left out. */
    static Object slice(Object owner, Object start, Object stop, Object step, Budget budget) {
        requireDefined(owner);
        if (owner instanceof String text) {
            int[] characters = text.codePoints().toArray();
            budget.characters(characters.length);
            StringBuilder out = new StringBuilder();
            indices(characters.length, start, stop, step).forEach(i -> out.appendCodePoint(characters[i]));
            return out.toString();
        } else if (owner instanceof Items items && items.isSequence()) {
            List<Integer> indices = indices(items.values().size(), start, stop, step);
            budget.elements(indices.size());
            return Items.of(
                    items.kind(), indices.stream().map(items.values()::get).toList());
        }
        throw new TemplateException("a " + Types.name(owner) + " cannot be sliced");
    }

    /** Python's {@code slice.indices}. */
    private static List<Integer> indices(int length, Object start, Object stop, Object step) {
        long by = step == None.NONE ? 1 : Numbers.index(step);
        if (by == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        long lowest = by < 0 ? -1 : 0;
        long highest = by < 0 ? length - 1L : length;
        long from = start == None.NONE ? (by < 0 ? highest : lowest) : clamp(start, length, lowest, highest);
        long to = stop == None.NONE ? (by < 0 ? lowest : highest) : clamp(stop, length, lowest, highest);
        List<Integer> indices = new ArrayList<>();
        for (long i = from; by < 0 ? i > to : i < to; i += by) {
            indices.add((int) i);
        }
        return indices;
    }

    private static long clamp(Object bound, int length, long lowest, long highest) {
        long index = Numbers.index(bound);
        return Math.max(lowest, Math.min(highest, index < 0 ? index + length : index));
    }
}
