package org.grpo4j.models.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Python dict: keeps the order of its keys, and 1, 1.0 and True are the same key. */
final class Dict {

    private final Map<Object, Object> keys = new LinkedHashMap<>();
    private final Map<Object, Object> values = new LinkedHashMap<>();

    void put(Object key, Object value) {
        Object hashed = hashed(key);
        keys.putIfAbsent(hashed, key);
        values.put(hashed, value);
    }

    @Nullable
    Object get(Object key) {
        return values.get(hashed(key));
    }

    boolean contains(Object key) {
        return values.containsKey(hashed(key));
    }

    int size() {
        return values.size();
    }

    List<Object> keys() {
        return List.copyOf(keys.values());
    }

    List<Object> values() {
        return List.copyOf(values.values());
    }

    /** The entries as tuples. */
    List<Object> entries() {
        List<Object> entries = new ArrayList<>(size());
        keys.forEach((hashed, key) -> entries.add(Items.tuple(key, values.getOrDefault(hashed, None.NONE))));
        return entries;
    }

    Dict copy() {
        Dict copy = new Dict();
        copy.keys.putAll(keys);
        copy.values.putAll(values);
        return copy;
    }

    /** A Java object whose {@code equals} and {@code hashCode} are Python's for this value. */
    static Object hashed(Object key) {
        if (key instanceof Boolean flag) {
            return flag ? BigInteger.ONE : BigInteger.ZERO;
        } else if (key instanceof Double number) {
            boolean whole = Double.isFinite(number) && number == Math.rint(number);
            return whole ? new BigDecimal(number).toBigInteger() : number;
        } else if (key instanceof Items items && items.kind() == Items.Kind.TUPLE) {
            return items.values().stream().map(Dict::hashed).toList();
        } else if (key instanceof Dict || key instanceof Items) {
            throw new TemplateException("unhashable type: '" + Types.name(key) + "'");
        }
        return key;
    }
}
