package org.grpo4j.datasets.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns of JSON rows: all keys seen, each with the type that holds all its values. */
final class JsonTypes {

    private static final String NONE = "null";
    private static final String MIXED = "mixed";

    private final Map<String, String> types = new LinkedHashMap<>();

    void add(Map<String, @Nullable Object> row) {
        row.forEach((name, value) -> types.merge(name, name(value), JsonTypes::join));
    }

    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        types.forEach((name, type) -> columns.add(new Column(name, type)));
        return List.copyOf(columns);
    }

    private static String name(@Nullable Object value) {
        if (value == null) {
            return NONE;
        }
        if (value instanceof List<?> list) {
            return "list<" + list.stream().map(JsonTypes::name).reduce(NONE, JsonTypes::join) + ">";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((key, member) -> members.add(key + ": " + name(member)));
            return "struct<" + String.join(", ", members) + ">";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof String) {
            return "string";
        }
        return value instanceof Double ? "float64" : "int64";
    }

    private static String join(String a, String b) {
        if (a.equals(b) || b.equals(NONE)) {
            return a;
        }
        if (a.equals(NONE)) {
            return b;
        }
        boolean numbers = isNumber(a) && isNumber(b);
        return numbers ? "float64" : MIXED;
    }

    private static boolean isNumber(String type) {
        return type.equals("int64") || type.equals("float64");
    }
}
