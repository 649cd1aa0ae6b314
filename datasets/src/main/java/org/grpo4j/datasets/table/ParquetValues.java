package org.grpo4j.datasets.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** Values of assembled Parquet records as the plain Java values that {@link RowReader} promises. */
final class ParquetValues {

    private ParquetValues() {}

    /** The fields of a record by name. */
    static Map<String, @Nullable Object> struct(Group group) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            map.put(type.getFieldName(field), field(group, field));
        }
        return map;
    }

    private static @Nullable Object field(Group group, int field) throws IOException {
        int count = group.getFieldRepetitionCount(field);
        if (group.getType().getType(field).isRepetition(Type.Repetition.REPEATED)) {
            return repeated(group, field, count, false);
        }
        return count == 0 ? null : single(group, field, 0);
    }

    private static List<@Nullable Object> repeated(Group group, int field, int count, boolean wrapped)
            throws IOException {
        List<@Nullable Object> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(wrapped ? field(group.getGroup(field, i), 0) : single(group, field, i));
        }
        return list;
    }

    private static Object single(Group group, int field, int index) throws IOException {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return primitive(group, field, index, type.asPrimitiveType());
        }
        Group inner = group.getGroup(field, index);
        GroupType innerType = inner.getType();
        if (ParquetTypes.isList(innerType)) {
            return repeated(inner, 0, inner.getFieldRepetitionCount(0), ParquetTypes.wrapsElement(innerType));
        }
        return struct(inner);
    }

    private static Object primitive(Group group, int field, int index, PrimitiveType type) throws IOException {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> {
                return group.getBoolean(field, index);
            }
            case INT32 -> {
                int value = group.getInteger(field, index);
                return integer(value, Integer.toUnsignedLong(value), logical);
            }
            case INT64 -> {
                long value = group.getLong(field, index);
                return integer(value, value < 0 ? new BigInteger(Long.toUnsignedString(value)) : value, logical);
            }
            case FLOAT -> {
                // Its shortest decimal, as for Arrow: the 0.1 of a float column must not become 0.10000000149.
                return Double.valueOf(Float.toString(group.getFloat(field, index)));
            }
            case DOUBLE -> {
                return group.getDouble(field, index);
            }
            default -> {
                return bytes(group, field, index, type);
            }
        }
    }

    private static Object integer(long value, Object unsigned, @Nullable LogicalTypeAnnotation logical) {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            return BigDecimal.valueOf(value, decimal.getScale());
        }
        return logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned() ? unsigned : value;
    }

    private static Object bytes(Group group, int field, int index, PrimitiveType type) throws IOException {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        boolean isTimestamp = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT96;
        byte[] bytes = (isTimestamp ? group.getInt96(field, index) : group.getBinary(field, index)).getBytes();
        if (ParquetTypes.isText(logical)) {
            return Utf8.decode(bytes);
        }
        if (logical instanceof DecimalLogicalTypeAnnotation decimal && bytes.length > 0) {
            return new BigDecimal(new BigInteger(bytes), decimal.getScale());
        }
        return Base64.getEncoder().encodeToString(bytes);
    }
}
