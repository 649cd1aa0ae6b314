package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop}. It looks ahead only when asked to, because the condition of the loop may depend on what the
 * body does.
 */
final class LoopState implements Iterator<Object> {

    private Iterator<Object> rest;
    private int index0 = -1;
    private int length;
    private @Nullable Object previous;
    private @Nullable Object current;
    private @Nullable Object ahead;
    private @Nullable List<Object> lastChanged;

    /** @param length number of values if that is known, else -1 */
    LoopState(Iterator<Object> values, int length) {
        this.rest = values;
        this.length = length;
    }

    @Override
    public boolean hasNext() {
        return ahead != null || rest.hasNext();
    }

    @Override
    public Object next() {
        Object value = ahead == null ? rest.next() : ahead;
        ahead = null;
        previous = current;
        current = value;
        index0++;
        return value;
    }

    @Nullable
    Object attribute(String name) {
        return switch (name) {
            case "index" -> Numbers.of(index0 + 1);
            case "index0" -> Numbers.of(index0);
            case "first" -> index0 == 0;
            case "last" -> peek() == null;
            case "length" -> Numbers.of(length());
            case "revindex" -> Numbers.of(length() - index0);
            case "revindex0" -> Numbers.of(length() - index0 - 1);
            case "depth" -> Numbers.of(1);
            case "depth0" -> Numbers.of(0);
            case "previtem" -> previous == null ? new Undefined("there is no previous item") : previous;
            case "nextitem" -> {
                Object next = peek();
                yield next == null ? new Undefined("there is no next item") : next;
            }
            case "cycle" ->
                (Function) (arguments, rendering) -> {
                    List<Object> values = arguments.positional();
                    if (values.isEmpty()) {
                        throw new TemplateException("no items for cycling given");
                    }
                    return values.get(index0 % values.size());
                };
            case "changed" -> (Function) this::changed;
            default -> null;
        };
    }

    private @Nullable Object peek() {
        if (ahead == null && rest.hasNext()) {
            ahead = rest.next();
        }
        return ahead;
    }

    private int length() {
        if (length < 0) {
            List<Object> left = new ArrayList<>();
            rest.forEachRemaining(left::add);
            rest = left.iterator();
            length = left.size() + index0 + 1 + (ahead == null ? 0 : 1);
        }
        return length;
    }

    private Object changed(Arguments arguments, Rendering rendering) {
        List<Object> values = arguments.positional();
        List<Object> before = lastChanged;
        boolean same = before != null && Comparing.equal(Items.list(before), Items.list(values), rendering.budget());
        lastChanged = values;
        return !same;
    }

    /** Those values of an iterator for which a condition holds, each tested when it is asked for. */
    static Iterator<Object> filtered(Iterator<Object> values, Predicate<Object> condition) {
        return new Iterator<>() {
            private @Nullable Object found;

            @Override
            public boolean hasNext() {
                while (found == null && values.hasNext()) {
                    Object value = values.next();
                    found = condition.test(value) ? value : null;
                }
                return found != null;
            }

            @Override
            public Object next() {
                if (!hasNext() || found == null) {
                    throw new NoSuchElementException();
                }
                Object value = found;
                found = null;
                return value;
            }
        };
    }
}
