package org.grpo4j.datasets.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Names of Arrow's types as Hugging Face and PyArrow print them. */
final class ArrowTypes {

    private ArrowTypes() {}

    /** The schema with the value type, not the index type, of dictionary-encoded columns. */
    static Schema logicalSchema(ArrowReader reader) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
            CheckedMessages.check(field.getName() != null, "a column without a name");
            Dictionary dictionary = field.getDictionary() == null
                    ? null
                    : reader.getDictionaryVectors().get(field.getDictionary().getId());
            fields.add(
                    dictionary == null
                            ? field
                            : new Field(
                                    field.getName(),
                                    dictionary.getVector().getField().getFieldType(),
                                    dictionary.getVector().getField().getChildren()));
        }
        return new Schema(fields);
    }

    static List<Column> columns(Schema schema) {
        return schema.getFields().stream()
                .map(field -> new Column(field.getName(), name(field)))
                .toList();
    }

    private static String name(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Int integer) {
            return (integer.getIsSigned() ? "int" : "uint") + integer.getBitWidth();
        }
        if (type instanceof ArrowType.FloatingPoint floating) {
            return floating.getPrecision() == FloatingPointPrecision.DOUBLE
                    ? "float64"
                    : floating.getPrecision() == FloatingPointPrecision.SINGLE ? "float32" : "float16";
        }
        return switch (type.getTypeID()) {
            case Utf8 -> "string";
            case LargeUtf8 -> "large_string";
            case Utf8View -> "string_view";
            case List, LargeList, FixedSizeList ->
                "list<" + name(field.getChildren().get(0)) + ">";
            case Struct -> "struct<" + String.join(", ", memberNames(field)) + ">";
            default -> type.getTypeID().name().toLowerCase(Locale.ROOT);
        };
    }

    private static List<String> memberNames(Field field) {
        return field.getChildren().stream()
                .map(member -> member.getName() + ": " + name(member))
                .toList();
    }
}
