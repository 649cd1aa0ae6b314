package org.grpo4j.datasets.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as Arrow, atomically: a reader sees the whole of it or nothing. Folders are those of Hugging Face's
 * {@code save_to_disk}, so {@code datasets.load_from_disk} reads them.
 */
public final class TableWriter {

    private static final int ROWS_PER_BATCH = 1000;
    private static final String SHARD = "data-00000-of-00001.arrow";
    private static final ObjectMapper JSON = new ObjectMapper();

    private TableWriter() {}

    /**
     * Rows to write.
     *
     * @param columns name and type of each column, in order
     * @param rows their values by name; a missing value is null
     * @param fingerprint a hexadecimal name of the content, as {@code state.json} has it
     */
    public record Rows(
            Map<String, ColumnKind> columns,
            Iterable<? extends Map<String, ? extends @Nullable Object>> rows,
            String fingerprint) {}

    /** Writes one Arrow IPC stream, in place of an older file. */
    public static void writeStream(Path file, Rows rows) {
        AtomicOutput.replace(file, temporary -> writeArrow(temporary, rows, Container.ARROW_STREAM));
    }

    /** Writes one Arrow IPC file, in place of an older one. */
    public static void writeFile(Path file, Rows rows) {
        AtomicOutput.replace(file, temporary -> writeArrow(temporary, rows, Container.ARROW_FILE));
    }

    /**
     * Writes a {@code save_to_disk} folder.
     *
     * @throws org.grpo4j.datasets.DatasetException when the folder exists, or cannot be written
     */
    public static void writeFolder(Path folder, Rows rows) {
        AtomicOutput.create(folder, temporary -> fillFolder(temporary, rows, null));
    }

    /**
     * Writes a folder of several splits, as {@code DatasetDict.save_to_disk} does.
     *
     * @param replace whether a folder that exists is replaced; otherwise it is refused
     * @throws org.grpo4j.datasets.DatasetException when the folder exists, or cannot be written
     */
    public static void writeSplits(Path folder, Map<String, Rows> splits, boolean replace) {
        AtomicOutput.Content content = temporary -> {
            Files.createDirectories(temporary);
            for (Map.Entry<String, Rows> split : splits.entrySet()) {
                fillFolder(temporary.resolve(split.getKey()), split.getValue(), split.getKey());
            }
            writeJson(temporary.resolve(SavedFolder.SPLITS_FILE), Map.of("splits", List.copyOf(splits.keySet())));
        };
        if (replace) {
            AtomicOutput.replace(folder, content);
        } else {
            AtomicOutput.create(folder, content);
        }
    }

    private static void fillFolder(Path folder, Rows rows, @Nullable String split) throws IOException {
        Files.createDirectories(folder);
        writeArrow(folder.resolve(SHARD), rows, Container.ARROW_STREAM);
        writeJson(folder.resolve(SavedFolder.INFO_FILE), info(rows));
        writeJson(folder.resolve(SavedFolder.STATE_FILE), state(rows, split));
    }

    private static Map<String, Object> info(Rows rows) {
        Map<String, Object> features = new LinkedHashMap<>();
        rows.columns().forEach((name, kind) -> features.put(name, kind.feature()));
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("citation", "");
        info.put("description", "");
        info.put("features", features);
        info.put("homepage", "");
        info.put("license", "");
        return info;
    }

    private static Map<String, @Nullable Object> state(Rows rows, @Nullable String split) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("_data_files", List.of(Map.of("filename", SHARD)));
        state.put("_fingerprint", rows.fingerprint());
        state.put("_format_columns", null);
        state.put("_format_kwargs", Map.of());
        state.put("_format_type", null);
        state.put("_output_all_columns", false);
        state.put("_split", split);
        return state;
    }

    private static void writeJson(Path file, Object value) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
    }

    private static void writeArrow(Path file, Rows rows, Container container) throws IOException {
        List<Field> fields = new ArrayList<>();
        rows.columns().forEach((name, kind) -> fields.add(kind.field(name)));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot batch = VectorSchemaRoot.create(new Schema(fields), allocator);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowWriter writer = writer(batch, out, container)) {
            writer.start();
            int filled = 0;
            for (Map<String, ? extends @Nullable Object> row : rows.rows()) {
                for (FieldVector column : batch.getFieldVectors()) {
                    ColumnKind kind = rows.columns().get(column.getName());
                    if (kind != null) {
                        kind.set(column, filled, row.get(column.getName()));
                    }
                }
                if (++filled == ROWS_PER_BATCH) {
                    flush(writer, batch, filled);
                    filled = 0;
                }
            }
            if (filled > 0) {
                flush(writer, batch, filled);
            }
            writer.end();
        }
    }

    private static ArrowWriter writer(VectorSchemaRoot batch, WritableByteChannel out, Container container) {
        return container == Container.ARROW_FILE
                ? new ArrowFileWriter(batch, null, out)
                : new ArrowStreamWriter(batch, null, out);
    }

    private static void flush(ArrowWriter writer, VectorSchemaRoot batch, int rows) throws IOException {
        batch.setRowCount(rows);
        writer.writeBatch();
        batch.getFieldVectors().forEach(FieldVector::reset);
    }
}
