package org.grpo4j.models.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a body; what it does not have is looked for around it. */
final class Scope {

    private final @Nullable Scope outer;
    private final Statement.Names names;
    private final Map<String, Object> variables = new HashMap<>();

    private Scope(@Nullable Scope outer, Statement.Names names) {
        this.outer = outer;
        this.names = names;
    }

    /** The outermost scope, which holds what a template is given. */
    static Scope of(Map<String, Object> variables) {
        Scope scope = new Scope(null, Statement.Names.NONE);
        scope.variables.putAll(variables);
        return scope;
    }

    Scope inner(Statement.Names inside) {
        Scope scope = new Scope(this, inside);
        for (String name : inside.setFirst()) {
            if (!mentions(name)) {
                scope.variables.put(name, Undefined.name(name));
            }
        }
        return scope;
    }

    private boolean mentions(String name) {
        return names.mentioned().contains(name) || (outer != null && outer.mentions(name));
    }

    Object get(String name) {
        Object value = variables.get(name);
        if (value != null) {
            return value;
        }
        return outer == null ? Undefined.name(name) : outer.get(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
