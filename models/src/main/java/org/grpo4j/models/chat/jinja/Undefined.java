package org.grpo4j.models.chat.jinja;

/**
 * What a name, key or attribute stands for that does not exist: empty text, empty list, false, and an error when anything
 * else is done with it.
 *
 * @param complaint the error
 */
record Undefined(String complaint) {

    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object owner, String name) {
        String kind = owner == None.NONE ? "None" : Types.name(owner) + " object";
        return new Undefined("'" + kind + "' has no attribute '" + name + "'");
    }

    static Undefined element(Object owner, Object key, Budget budget) {
        if (key instanceof String name) {
            return attribute(owner, name);
        }
        String kind = owner == None.NONE ? "None" : Types.name(owner) + " object";
        return new Undefined(kind + " has no element " + Printer.repr(key, budget));
    }

    TemplateException error() {
        return new TemplateException(complaint);
    }
}
