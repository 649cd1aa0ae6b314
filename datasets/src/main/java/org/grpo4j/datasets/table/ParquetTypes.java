package org.grpo4j.datasets.table;

import java.util.List;
import java.util.Locale;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Parquet's types in Arrow's words, and how it nests lists
 * (<a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types">nested types</a>).
 */
final class ParquetTypes {

    private ParquetTypes() {}

    static List<Column> columns(MessageType schema) {
        return schema.getFields().stream()
                .map(field -> new Column(field.getName(), name(field)))
                .toList();
    }

    private static String name(Type type) {
        return type.isRepetition(Type.Repetition.REPEATED) ? "list<" + single(type) + ">" : single(type);
    }

    private static String single(Type type) {
        if (type.isPrimitive()) {
            return primitive(type.asPrimitiveType());
        }
        GroupType group = type.asGroupType();
        if (isList(group)) {
            Type repeated = group.getType(0);
            return "list<" + (wrapsElement(group) ? name(repeated.asGroupType().getType(0)) : single(repeated)) + ">";
        }
        return "struct<"
                + String.join(
                        ", ",
                        group.getFields().stream()
                                .map(field -> field.getName() + ": " + name(field))
                                .toList())
                + ">";
    }

    private static String primitive(PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (isText(logical)) {
            return "string";
        }
        if (logical instanceof IntLogicalTypeAnnotation integer) {
            return (integer.isSigned() ? "int" : "uint") + integer.getBitWidth();
        }
        if (logical != null) {
            return logical.toString().toLowerCase(Locale.ROOT);
        }
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case FLOAT -> "float32";
            case DOUBLE -> "float64";
            case BINARY, FIXED_LEN_BYTE_ARRAY -> "binary";
            case INT96 -> "timestamp";
        };
    }

    static boolean isText(LogicalTypeAnnotation logical) {
        return logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                || logical instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
                || logical instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
    }

    /** Whether a group is a list: annotated so, with one repeated field. */
    static boolean isList(GroupType group) {
        return group.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
                && group.getFieldCount() == 1
                && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    /**
     * Whether the repeated field of a list is only a shell around the element, which then may be null. Old writers left
     * the shell out, and the specification tells these by the names they gave.
     */
    static boolean wrapsElement(GroupType list) {
        Type repeated = list.getType(0);
        return !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().equals(list.getName() + "_tuple");
    }
}
