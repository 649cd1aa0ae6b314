package org.grpo4j.models.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class Filters {

    private static final Map<String, Function> ALL = new HashMap<>();

    static {
        ALL.putAll(TextFilters.ALL);
        ALL.putAll(ListFilters.ALL);
        ALL.putAll(SelectionFilters.ALL);
        ALL.putAll(NumberFilters.ALL);
    }

    private Filters() {}

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    /** @param arguments the filtered value first */
    static Object apply(String name, Arguments arguments, Rendering rendering) {
        Function filter = ALL.get(name);
        if (filter == null) {
            throw TemplateException.unsupported("the filter '" + name + "'");
        }
        return filter.call(arguments, rendering);
    }
}
