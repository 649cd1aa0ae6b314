package org.grpo4j.models.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The value of {@code namespace(…)}: the one thing whose fields a template can set. */
final class Namespace {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    Object field(String name) {
        Object value = fields.get(name);
        return value == null ? new Undefined("'jinja2.utils.Namespace object' has no attribute '" + name + "'") : value;
    }

    void set(String name, Object value) {
        fields.put(name, value);
    }
}
