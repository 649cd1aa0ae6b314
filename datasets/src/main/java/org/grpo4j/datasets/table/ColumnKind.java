package org.grpo4j.datasets.table;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** The types of columns that are written. */
public enum ColumnKind {
    STRING(new ArrowType.Utf8(), "string"),
    INT64(new ArrowType.Int(64, true), "int64"),
    FLOAT64(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), "float64"),
    BOOL(new ArrowType.Bool(), "bool"),
    STRING_LIST(new ArrowType.List(), "string");

    private final ArrowType type;
    private final String dtype;

    ColumnKind(ArrowType type, String dtype) {
        this.type = type;
        this.dtype = dtype;
    }

    /** The kind that holds the value, or null when none does. */
    public static @Nullable ColumnKind of(Object value) {
        if (value instanceof String) {
            return STRING;
        }
        if (value instanceof Long || value instanceof Integer) {
            return INT64;
        }
        if (value instanceof Double) {
            return FLOAT64;
        }
        if (value instanceof Boolean) {
            return BOOL;
        }
        boolean strings = value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        return strings ? STRING_LIST : null;
    }

    Field field(String name) {
        List<Field> children = this == STRING_LIST ? List.of(STRING.field("item")) : List.of();
        return new Field(name, FieldType.nullable(type), children);
    }

    /** The column's entry in the {@code features} of a {@code dataset_info.json}. */
    Map<String, Object> feature() {
        Map<String, Object> value = Map.of("dtype", dtype, "_type", "Value");
        return this == STRING_LIST ? Map.of("feature", value, "_type", "Sequence") : value;
    }

    /** Puts a value of this kind into the column; null stays unset. */
    void set(FieldVector column, int row, @Nullable Object value) {
        if (value == null) {
            return;
        }
        switch (this) {
            case STRING -> ((VarCharVector) column).setSafe(row, utf8((String) value));
            case INT64 -> ((BigIntVector) column).setSafe(row, ((Number) value).longValue());
            case FLOAT64 -> ((Float8Vector) column).setSafe(row, (Double) value);
            case BOOL -> ((BitVector) column).setSafe(row, (Boolean) value ? 1 : 0);
            case STRING_LIST -> setList((ListVector) column, row, (List<?>) value);
        }
    }

    private static void setList(ListVector column, int row, List<?> values) {
        VarCharVector items = (VarCharVector) column.getDataVector();
        int start = column.startNewValue(row);
        for (int i = 0; i < values.size(); i++) {
            items.setSafe(start + i, utf8((String) values.get(i)));
        }
        column.endValue(row, values.size());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
