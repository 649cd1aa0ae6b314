package org.grpo4j.models.chat.jinja;

import java.util.Iterator;
import java.util.List;

/** A row of values: what Python has lists, tuples, ranges, views of dicts and generators for. Never changes. */
final class Items implements Iterable<Object> {

    enum Kind {
        LIST("list"),
        TUPLE("tuple"),
        RANGE("range"),
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ENTRIES("dict_items"),
        GENERATOR("generator");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }

        String typeName() {
            return typeName;
        }
    }

    private final Kind kind;
    private final List<Object> values;
    private final Iterator<Object> once;

    private Items(Kind kind, List<Object> values) {
        this.kind = kind;
        this.values = values;
        this.once = values.iterator();
    }

    static Items of(Kind kind, List<Object> values) {
        return new Items(kind, values);
    }

    static Items list(List<Object> values) {
        return new Items(Kind.LIST, values);
    }

    static Items tuple(Object... values) {
        return new Items(Kind.TUPLE, List.of(values));
    }

    /** What filters such as {@code select} return: it can be gone through once and has no length. */
    static Items generator(List<Object> values) {
        return new Items(Kind.GENERATOR, values);
    }

    Kind kind() {
        return kind;
    }

    /** All values; for a generator too, so callers must have looked at {@link #kind}. */
    List<Object> values() {
        return values;
    }

    boolean hasLength() {
        return kind != Kind.GENERATOR;
    }

    boolean isSequence() {
        return kind == Kind.LIST || kind == Kind.TUPLE || kind == Kind.RANGE;
    }

    @Override
    public Iterator<Object> iterator() {
        return kind == Kind.GENERATOR ? once : values.iterator();
    }
}
