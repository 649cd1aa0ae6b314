package org.grpo4j.datasets.table;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Values of Arrow vectors as plain Java values. Offsets come from the file, so each is checked before it sizes an array
 * or a loop.
 */
final class ArrowValues {

    private final ArrowReader reader;

    ArrowValues(ArrowReader reader) {
        this.reader = reader;
    }

    @Nullable
    Object read(FieldVector vector, int index) throws IOException {
        if (vector.isNull(index)) {
            return null;
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null && vector instanceof BaseIntVector indices) {
            return decode(encoding, indices.getValueAsLong(index));
        }
        if (vector instanceof VarCharVector text) {
            return text(text.getDataBuffer(), text.getStartOffset(index), text.getEndOffset(index));
        }
        if (vector instanceof LargeVarCharVector text) {
            ArrowBuf offsets = text.getOffsetBuffer();
            long start = (long) index * Long.BYTES;
            return text(text.getDataBuffer(), offsets.getLong(start), offsets.getLong(start + Long.BYTES));
        }
        if (vector instanceof ViewVarCharVector text) {
            return view(text, index);
        }
        if (vector instanceof BaseIntVector integers) {
            return integer(integers, index);
        }
        if (vector instanceof FloatingPointVector) {
            return floating(vector, index);
        }
        if (vector instanceof BitVector bits) {
            return bits.get(index) != 0;
        }
        if (vector instanceof ListVector list) {
            return list(list.getDataVector(), list.getElementStartIndex(index), list.getElementEndIndex(index));
        }
        if (vector instanceof LargeListVector list) {
            return list(list.getDataVector(), list.getElementStartIndex(index), list.getElementEndIndex(index));
        }
        if (vector instanceof FixedSizeListVector list) {
            int size = list.getListSize();
            return list(list.getDataVector(), (long) index * size, (long) (index + 1) * size);
        }
        if (vector instanceof StructVector struct) {
            return struct(struct, index);
        }
        if (vector instanceof VarBinaryVector binary) {
            long start = (long) index * Integer.BYTES;
            ArrowBuf offsets = binary.getOffsetBuffer();
            return base64(binary.getDataBuffer(), offsets.getInt(start), offsets.getInt(start + Integer.BYTES));
        }
        if (vector instanceof LargeVarBinaryVector binary) {
            long start = (long) index * Long.BYTES;
            ArrowBuf offsets = binary.getOffsetBuffer();
            return base64(binary.getDataBuffer(), offsets.getLong(start), offsets.getLong(start + Long.BYTES));
        }
        if (vector instanceof BaseFixedWidthVector || vector instanceof NullVector) {
            return other(vector.getObject(index));
        }
        throw new IOException("the column " + vector.getName() + " has the type "
                + vector.getField().getType() + ", which is not read");
    }

    private @Nullable Object decode(DictionaryEncoding encoding, long position) throws IOException {
        Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
        if (dictionary == null
                || position < 0
                || position >= dictionary.getVector().getValueCount()) {
            throw new IOException("it points outside of its dictionary");
        }
        return read(dictionary.getVector(), (int) position);
    }

    private static String text(ArrowBuf data, long start, long end) throws IOException {
        return Utf8.decode(bytes(data, start, end));
    }

    private static String base64(ArrowBuf data, long start, long end) throws IOException {
        return Base64.getEncoder().encodeToString(bytes(data, start, end));
    }

    private static byte[] bytes(ArrowBuf data, long start, long end) throws IOException {
        if (start < 0 || start > end || end > data.capacity() || end - start > Integer.MAX_VALUE - 16) {
            throw new IOException("it holds a value outside of its buffer");
        }
        byte[] bytes = new byte[(int) (end - start)];
        data.getBytes(start, bytes);
        return bytes;
    }

    /** The 16 bytes of a view: length, then the text itself up to 12 bytes, else prefix, buffer number, offset. */
    private static String view(ViewVarCharVector vector, int index) throws IOException {
        ArrowBuf views = vector.getDataBuffer();
        long start = 16L * index;
        int length = views.getInt(start);
        if (length <= 12) {
            return text(views, start + 4, start + 4 + length);
        }
        int buffer = views.getInt(start + 8);
        int offset = views.getInt(start + 12);
        if (buffer < 0 || buffer >= vector.getDataBuffers().size()) {
            throw new IOException("it holds a text outside of its buffer");
        }
        return text(vector.getDataBuffers().get(buffer), offset, (long) offset + length);
    }

    private static Object integer(BaseIntVector vector, int index) {
        long value = vector.getValueAsLong(index);
        if (vector instanceof UInt1Vector) {
            return value & 0xFFL;
        }
        if (vector instanceof UInt2Vector) {
            return value & 0xFFFFL;
        }
        if (vector instanceof UInt4Vector) {
            return value & 0xFFFF_FFFFL;
        }
        if (vector instanceof UInt8Vector && value < 0) {
            return new BigInteger(Long.toUnsignedString(value));
        }
        return value;
    }

    /** A float is taken by its shortest decimal: the 0.1 of a float column must not become 0.10000000149. */
    private static Object floating(FieldVector vector, int index) {
        Object value = vector.getObject(index);
        if (value instanceof Float single) {
            return Double.valueOf(single.toString());
        }
        return value instanceof Double ? value : Double.valueOf(((FloatingPointVector) vector).getValueAsDouble(index));
    }

    private List<@Nullable Object> list(FieldVector elements, long start, long end) throws IOException {
        if (start < 0 || start > end || end > elements.getValueCount()) {
            throw new IOException("it holds a list outside of its elements");
        }
        List<@Nullable Object> list = new ArrayList<>((int) (end - start));
        for (long i = start; i < end; i++) {
            list.add(read(elements, (int) i));
        }
        return list;
    }

    private Map<String, @Nullable Object> struct(StructVector vector, int index) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (FieldVector member : vector.getChildrenFromFields()) {
            map.put(member.getName(), read(member, index));
        }
        return map;
    }

    /** Dates, times, decimals and bytes: what JSON cannot hold becomes text. */
    private static @Nullable Object other(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value == null || value instanceof Number ? value : value.toString();
    }
}
