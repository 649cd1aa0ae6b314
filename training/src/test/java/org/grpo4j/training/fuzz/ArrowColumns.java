package org.grpo4j.training.fuzz;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;

/** A batch with a column of every type that data sets have. Owns its memory. */
final class ArrowColumns implements AutoCloseable {

    private static final int ROWS = 6;
    private static final FieldType INT = FieldType.nullable(new ArrowType.Int(32, true));
    private static final FieldType TEXT = FieldType.nullable(ArrowType.Utf8.INSTANCE);

    private final BufferAllocator allocator;
    private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();
    private final VarCharVector kinds;
    private final VectorSchemaRoot root;

    ArrowColumns(BufferAllocator allocator) {
        this.allocator = allocator;
        kinds = texts("kinds", 3);
        root = new VectorSchemaRoot(List.of(
                texts("question", ROWS),
                texts("answer", ROWS),
                large(),
                view(),
                numbers(),
                flags(),
                list(),
                pair(),
                struct(),
                decimals(),
                dates(),
                bytes(),
                small(),
                singles(),
                nothing(),
                kind()));
        root.setRowCount(ROWS);
    }

    VectorSchemaRoot root() {
        return root;
    }

    MapDictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public void close() {
        root.close();
        kinds.close();
    }

    private VarCharVector texts(String name, int rows) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew();
        for (int i = 0; i < rows; i++) {
            vector.setSafe(i, bytes(name + " " + i + " \u00e9".repeat(i)));
        }
        vector.setValueCount(rows);
        return vector;
    }

    private FieldVector large() {
        LargeVarCharVector vector = new LargeVarCharVector("large", allocator);
        vector.allocateNew();
        for (int i = 0; i < ROWS; i += 2) {
            vector.setSafe(i, bytes("large " + i));
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector view() {
        ViewVarCharVector vector = new ViewVarCharVector("view", allocator);
        vector.allocateNew();
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, bytes("view" + " of a text".repeat(i)));
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector numbers() {
        BigIntVector vector = new BigIntVector("id", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, 1L << 10 * i);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector flags() {
        BitVector vector = new BitVector("flag", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, i % 2);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector list() {
        ListVector vector = ListVector.empty("list", allocator);
        vector.addOrGetVector(TEXT);
        VarCharVector elements = (VarCharVector) vector.getDataVector();
        int next = 0;
        for (int i = 0; i < ROWS; i++) {
            vector.startNewValue(i);
            for (int k = 0; k < i % 3; k++) {
                elements.setSafe(next++, bytes("element " + next));
            }
            vector.endValue(i, i % 3);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector pair() {
        FixedSizeListVector vector = FixedSizeListVector.empty("pair", 2, allocator);
        vector.addOrGetVector(INT);
        IntVector elements = (IntVector) vector.getDataVector();
        for (int i = 0; i < ROWS; i++) {
            vector.setNotNull(i);
            elements.setSafe(2 * i, i);
            elements.setSafe(2 * i + 1, -i);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector struct() {
        StructVector vector = StructVector.empty("struct", allocator);
        IntVector a = vector.addOrGet("a", INT, IntVector.class);
        VarCharVector b = vector.addOrGet("b", TEXT, VarCharVector.class);
        for (int i = 0; i < ROWS; i++) {
            vector.setIndexDefined(i);
            a.setSafe(i, i);
            b.setSafe(i, bytes("b" + i));
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector decimals() {
        DecimalVector vector = new DecimalVector("decimal", allocator, 10, 2);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, new BigDecimal(i + ".25"));
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector dates() {
        DateDayVector vector = new DateDayVector("date", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, 20_000 + i);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector bytes() {
        VarBinaryVector vector = new VarBinaryVector("bytes", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, new byte[i]);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector small() {
        UInt1Vector vector = new UInt1Vector("small", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, 250 + i);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private FieldVector singles() {
        Float4Vector vector = new Float4Vector("single", allocator);
        for (int i = 0; i < ROWS; i++) {
            vector.setSafe(i, i / 3f);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    private static FieldVector nothing() {
        return new NullVector("nothing", ROWS);
    }

    private FieldVector kind() {
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, null);
        Dictionary dictionary = new Dictionary(kinds, encoding);
        dictionaries.put(dictionary);
        try (VarCharVector plain = new VarCharVector("kind", allocator)) {
            for (int i = 0; i < ROWS; i++) {
                plain.setSafe(i, kinds.get(i % 3));
            }
            plain.setValueCount(ROWS);
            return (FieldVector) DictionaryEncoder.encode(plain, dictionary);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
