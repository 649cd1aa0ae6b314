package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code iter(value)}. */
final class Iteration {

    private Iteration() {}

    static Iterable<Object> of(Object value, Budget budget) {
        if (value instanceof Items items) {
            budget.steps(items.values().size());
            return items;
        }
        return list(value, budget);
    }

    static boolean isIterable(Object value) {
        return value instanceof Items
                || value instanceof Dict
                || value instanceof String
                || value instanceof Undefined
                || value instanceof LoopState
                || value instanceof Markup;
    }

    /** All that is left of an iterable. */
    static List<Object> list(Object value, Budget budget) {
        if (value instanceof Items items) {
            List<Object> values = new ArrayList<>();
            items.forEach(values::add);
            budget.elements(values.size());
            return values;
        } else if (value instanceof Dict dict) {
            budget.elements(dict.size());
            return dict.keys();
        } else if (value instanceof String text) {
            budget.elements(text.length());
            return text.codePoints().<Object>mapToObj(Character::toString).toList();
        } else if (value instanceof Undefined) {
            return List.of();
        } else if (value instanceof LoopState || value instanceof Markup) {
            throw TemplateException.unsupported("going through a " + Types.name(value));
        }
        throw new TemplateException("'" + Types.name(value) + "' object is not iterable");
    }

    /** Python's {@code len(value)}. */
    static int length(Object value) {
        if (value instanceof String text) {
            return PyString.length(text);
        } else if (value instanceof Dict dict) {
            return dict.size();
        } else if (value instanceof Items items && items.hasLength()) {
            return items.values().size();
        } else if (value instanceof Undefined) {
            return 0;
        } else if (value instanceof LoopState || value instanceof Markup) {
            throw TemplateException.unsupported("the length of a " + Types.name(value));
        }
        throw new TemplateException("object of type '" + Types.name(value) + "' has no len()");
    }
}
