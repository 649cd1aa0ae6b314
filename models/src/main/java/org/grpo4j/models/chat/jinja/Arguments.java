package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a call. */
record Arguments(List<Object> positional, Map<String, Object> keywords) {

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** The value that a filter or test is applied to. */
    Object subject() {
        return positional.get(0);
    }

    Arguments withoutFirst(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), keywords);
    }

    Arguments withFirst(Object value) {
        List<Object> all = new ArrayList<>(positional.size() + 1);
        all.add(value);
        all.addAll(positional);
        return new Arguments(all, keywords);
    }

    /**
     * Gives the values their names.
     *
     * @param function for errors
     * @throws TemplateException if there are too many values or one with an unknown name
     */
    Bound bind(String function, String... names) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (positional.size() > names.length) {
            throw new TemplateException(
                    function + " takes at most " + names.length + " arguments, found " + positional.size());
        }
        for (int i = 0; i < positional.size(); i++) {
            values.put(names[i], positional.get(i));
        }
        for (Map.Entry<String, Object> keyword : keywords.entrySet()) {
            if (!List.of(names).contains(keyword.getKey())) {
                throw new TemplateException(function + " has no argument '" + keyword.getKey() + "'");
            }
            if (values.put(keyword.getKey(), keyword.getValue()) != null) {
                throw new TemplateException(function + " got the argument '" + keyword.getKey() + "' twice");
            }
        }
        return new Bound(function, values);
    }

    /** As {@link #bind}, for Python functions whose parameters have no names. */
    Bound bindPositional(String function, String... names) {
        if (!keywords.isEmpty()) {
            throw new TemplateException(function + " takes no keyword arguments");
        }
        return bind(function, names);
    }

    /** Arguments by name. */
    record Bound(String function, Map<String, Object> values) {

        Object required(String name) {
            Object value = values.get(name);
            if (value == null) {
                throw new TemplateException(function + " needs the argument '" + name + "'");
            }
            return value;
        }

        Object or(String name, Object fallback) {
            return values.getOrDefault(name, fallback);
        }

        @Nullable
        Object get(String name) {
            return values.get(name);
        }

        /** The argument, or null if it is absent or None. */
        @Nullable
        Object unlessNone(String name) {
            Object value = values.get(name);
            return value == None.NONE ? null : value;
        }

        boolean flag(String name, boolean fallback) {
            Object value = values.get(name);
            return value == null ? fallback : Truth.of(value);
        }

        int integer(String name, int fallback) {
            Object value = values.get(name);
            return value == null ? fallback : Numbers.index(value);
        }

        String text(String name) {
            Object value = required(name);
            if (value instanceof String text) {
                return text;
            }
            throw new TemplateException(
                    function + ": the argument '" + name + "' must be str, not " + Types.name(value));
        }
    }
}
