package org.grpo4j.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns a parsed tree into records; {@link ConfigLoader} states the rules. */
final class ConfigBinder {

    private ConfigBinder() {}

    static <T extends Record> T record(JsonNode node, Class<T> type, ConfigPlace place) {
        if (!(node instanceof ObjectNode object)) {
            throw place.error(named(place) + "expected keys and values, found " + ConfigText.kind(node));
        }
        RecordComponent[] components = type.getRecordComponents();
        refuseUnknownKeys(object, components, place);
        Object defaults = defaults(type);
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = component(object, components[i], defaults, place);
        }
        return construct(type, types, values, place);
    }

    private static void refuseUnknownKeys(ObjectNode object, RecordComponent[] components, ConfigPlace place) {
        List<String> known = Arrays.stream(components).map(ConfigNames::key).toList();
        for (Iterator<String> keys = object.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!known.contains(key)) {
                ConfigPlace at = place.child(key);
                String hint = ConfigNames.nearest(key, known)
                        .map(near -> "did you mean " + place.child(near).path() + "?")
                        .orElse("known here: " + String.join(", ", known));
                throw at.error(at.path() + " is not a known key; " + hint);
            }
        }
    }

    private static @Nullable Object component(
            ObjectNode object, RecordComponent component, @Nullable Object defaults, ConfigPlace place) {
        String key = ConfigNames.key(component);
        ConfigPlace at = place.child(key);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        JsonNode node = object.get(key);
        if (node == null) {
            if (defaults != null) {
                return read(component.getAccessor(), defaults);
            }
            Default written = component.getAnnotation(Default.class);
            if (written != null) {
                return value(ConfigText.value(written.value()), component.getGenericType(), at);
            }
            return nullable ? null : absent(component, at);
        }
        if (node.isNull()) {
            if (nullable) {
                return null;
            }
            throw at.error(at.path() + " has no value");
        }
        return value(node, component.getGenericType(), at);
    }

    /** A section that is left out counts as an empty one, so that it is complete if all its keys have defaults. */
    private static Object absent(RecordComponent component, ConfigPlace at) {
        if (component.getType().isRecord()) {
            return value(ConfigText.YAML.createObjectNode(), component.getType(), at);
        }
        throw at.error(at.path() + " is missing; it has no default");
    }

    private static Object value(JsonNode node, Type type, ConfigPlace place) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return list(node, generic.getActualTypeArguments()[0], place);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return map(node, generic.getActualTypeArguments()[1], place);
        }
        if (type instanceof Class<?> section && section.isRecord()) {
            return record(node, section.asSubclass(Record.class), place);
        }
        if (type instanceof Class<?> plain) {
            return ConfigValues.plain(node, plain, place);
        }
        throw new IllegalStateException(place.path() + ": configuration records cannot hold a " + type);
    }

    private static List<Object> list(JsonNode node, Type element, ConfigPlace place) {
        if (!node.isArray()) {
            throw place.error(place.path() + " must be a list, found " + ConfigText.kind(node));
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            values.add(value(node.get(i), element, place.child(Integer.toString(i))));
        }
        return List.copyOf(values);
    }

    private static Map<String, Object> map(JsonNode node, Type element, ConfigPlace place) {
        if (!node.isObject()) {
            throw place.error(place.path() + " must be a mapping, found " + ConfigText.kind(node));
        }
        return node.properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> value(entry.getValue(), element, place.child(entry.getKey())),
                        (a, b) -> b,
                        LinkedHashMap::new));
    }

    private static <T> T construct(Class<T> type, Class<?>[] types, @Nullable Object[] values, ConfigPlace place) {
        try {
            Constructor<T> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw place.error(named(place) + refusal.getMessage(), refusal);
            }
            throw new IllegalStateException(type.getName() + " could not be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " has no usable canonical constructor", e);
        }
    }

    private static @Nullable Object defaults(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("defaults");
            return read(method, null);
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    private static @Nullable Object read(Method accessor, @Nullable Object target) {
        try {
            accessor.setAccessible(true);
            return accessor.invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(accessor + " could not be called", e);
        }
    }

    private static String named(ConfigPlace place) {
        return place.path().isEmpty() ? "" : place.path() + ": ";
    }
}
