package org.grpo4j.models.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that Python's values have. A key of the same name is hidden by them in {@code a.b}, so those that are not
 * covered must be known too: using one is an error.
 */
final class Attributes {

    /** Methods that change their object, which the sandbox does not hand out. */
    private static final Map<String, Set<String>> CHANGING = Map.of(
            "dict", Set.of("clear", "pop", "popitem", "setdefault", "update"),
            "list", Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"));

    /** Python's bool is an int. */
    private static final Set<String> OF_INTEGERS = Set.of(
            "as_integer_ratio",
            "bit_count",
            "bit_length",
            "conjugate",
            "denominator",
            "from_bytes",
            "imag",
            "is_integer",
            "numerator",
            "real",
            "to_bytes");

    private static final Map<String, Set<String>> NOT_COVERED = Map.of(
            "str",
                    Set.of(
                            "encode",
                            "expandtabs",
                            "format_map",
                            "isidentifier",
                            "isprintable",
                            "maketrans",
                            "translate"),
            "dict", Set.of("fromkeys"),
            "range", Set.of("count", "index", "start", "step", "stop"),
            "int", OF_INTEGERS,
            "bool", OF_INTEGERS,
            "float", Set.of("as_integer_ratio", "conjugate", "fromhex", "hex", "imag", "is_integer", "real"),
            "dict_keys", Set.of("isdisjoint", "mapping"),
            "dict_values", Set.of("mapping"),
            "dict_items", Set.of("isdisjoint", "mapping"),
            "generator", Set.of("close", "send", "throw"));

    private Attributes() {}

    /** The attribute, or null if values of that type have none of this name. */
    static @Nullable Object find(Object owner, String name) {
        if (owner instanceof Namespace namespace) {
            return name.startsWith("_") ? null : namespace.field(name);
        } else if (owner instanceof LoopState loop) {
            return loop.attribute(name);
        } else if (owner instanceof Function) {
            throw TemplateException.unsupported("the attribute '" + name + "' of a function");
        }
        String type = Types.name(owner);
        if (name.startsWith("__") || CHANGING.getOrDefault(type, Set.of()).contains(name)) {
            return name.startsWith("__") && owner instanceof Dict dict && dict.contains(name)
                    ? null
                    : new Undefined("access to attribute '" + name + "' of '" + type + "' object is unsafe");
        } else if (NOT_COVERED.getOrDefault(type, Set.of()).contains(name)) {
            throw TemplateException.unsupported("the attribute '" + name + "' of a " + type);
        } else if (owner instanceof String text) {
            return StringMethods.find(text, name);
        } else if (owner instanceof Dict dict) {
            return dictMethod(dict, name);
        } else if (owner instanceof Items items
                && (items.kind() == Items.Kind.LIST || items.kind() == Items.Kind.TUPLE)) {
            return listMethod(items, name);
        }
        return null;
    }

    private static @Nullable Function dictMethod(Dict dict, String name) {
        return switch (name) {
            case "get" ->
                (arguments, rendering) -> {
                    Arguments.Bound bound = arguments.bindPositional("get", "key", "default");
                    Object value = dict.get(bound.required("key"));
                    return value == null ? bound.or("default", None.NONE) : value;
                };
            case "items" -> none("items", rendering -> view(Items.Kind.ENTRIES, dict.entries(), rendering));
            case "keys" -> none("keys", rendering -> view(Items.Kind.KEYS, dict.keys(), rendering));
            case "values" -> none("values", rendering -> view(Items.Kind.VALUES, dict.values(), rendering));
            case "copy" ->
                none("copy", rendering -> {
                    rendering.budget().elements(dict.size());
                    return dict.copy();
                });
            default -> null;
        };
    }

    private static Items view(Items.Kind kind, List<Object> values, Rendering rendering) {
        rendering.budget().elements(values.size());
        return Items.of(kind, values);
    }

    private static Function none(String name, java.util.function.Function<Rendering, Object> method) {
        return (arguments, rendering) -> {
            arguments.bindPositional(name);
            return method.apply(rendering);
        };
    }

    private static @Nullable Function listMethod(Items items, String name) {
        return switch (name) {
            case "count" ->
                (arguments, rendering) -> {
                    Object wanted = arguments.bindPositional("count", "value").required("value");
                    return Numbers.of(items.values().stream()
                            .filter(item -> Comparing.equal(item, wanted, rendering.budget()))
                            .count());
                };
            case "index" ->
                (arguments, rendering) -> {
                    Object wanted = arguments.bindPositional("index", "value").required("value");
                    for (int i = 0; i < items.values().size(); i++) {
                        if (Comparing.equal(items.values().get(i), wanted, rendering.budget())) {
                            return Numbers.of(i);
                        }
                    }
                    throw new TemplateException("the value is not in the list");
                };
            case "copy" -> items.kind() == Items.Kind.LIST ? none("copy", rendering -> items) : null;
            default -> null;
        };
    }
}
