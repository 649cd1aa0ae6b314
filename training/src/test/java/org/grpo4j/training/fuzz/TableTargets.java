package org.grpo4j.training.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.table.ColumnKind;
import org.grpo4j.datasets.table.RowReader;
import org.grpo4j.datasets.table.Table;
import org.grpo4j.datasets.table.TableWriter;

/** Data sets: Arrow streams and files, folders of them, JSON lines. */
final class TableTargets {

    /** An answer that is only in a file outside of the folder that is opened. */
    private static final String OUTSIDE = "from outside";

    private TableTargets() {}

    /** Rows to the end, their number, and the same as problems. */
    private static void read(Path path) {
        Table table = Table.open(path);
        long rows = 0;
        try (RowReader reader = table.rows()) {
            for (Map<String, Object> row = reader.next(); row != null; row = reader.next()) {
                rows++;
                if (OUTSIDE.equals(row.get("answer"))) {
                    throw new AssertionError("a row came from outside of the folder");
                }
            }
        }
        long counted = table.rowCount();
        if (counted != rows) {
            throw new AssertionError(counted + " rows were counted, but " + rows + " read");
        }
        boolean problems =
                table.columns().stream().anyMatch(column -> column.name().equals("question"));
        if (problems) {
            ProblemSet.load(path);
        }
    }

    /** One stream or file, plain or compressed. */
    static final class Arrow implements FuzzTarget {

        @Override
        public String name() {
            return "arrow";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            List<Map<String, byte[]>> seeds = new ArrayList<>();
            for (CodecType codec : new CodecType[] {CodecType.NO_COMPRESSION, CodecType.ZSTD}) {
                seeds.add(Map.of("data.arrow", write(codec, false)));
                seeds.add(Map.of("data.arrow", write(codec, true)));
            }
            // Arrow writes LZ4 only with a library that this project does without.
            seeds.add(Map.of("data.arrow", Files.readAllBytes(Seeds.ofModule("datasets", "table/types.lz4.arrow"))));
            return seeds;
        }

        private static byte[] write(CodecType codec, boolean file) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (BufferAllocator allocator = new RootAllocator();
                    ArrowColumns columns = new ArrowColumns(allocator);
                    ArrowWriter writer = writer(codec, file, columns.root(), columns.dictionaries(), out)) {
                writer.start();
                writer.writeBatch();
                writer.writeBatch();
                writer.end();
            }
            return out.toByteArray();
        }

        private static ArrowWriter writer(
                CodecType codec,
                boolean file,
                VectorSchemaRoot root,
                DictionaryProvider dictionaries,
                ByteArrayOutputStream out) {
            CompressionCodec.Factory factory = codec == CodecType.NO_COMPRESSION
                    ? NoCompressionCodec.Factory.INSTANCE
                    : CommonsCompressionFactory.INSTANCE;
            return file
                    ? new ArrowFileWriter(
                            root, dictionaries, Channels.newChannel(out), Map.of(), IpcOption.DEFAULT, factory, codec)
                    : new ArrowStreamWriter(
                            root, dictionaries, Channels.newChannel(out), IpcOption.DEFAULT, factory, codec);
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return ArrowMutator.mutate(content, random);
        }

        @Override
        public void load(Path folder) {
            read(folder.resolve("data.arrow"));
        }
    }

    /** A folder as {@code save_to_disk} writes it, with its splits, beside data that no list may lead to. */
    static final class Saved implements FuzzTarget {

        private final Map<String, byte[]> outside;

        Saved() throws IOException {
            outside =
                    Seeds.writtenBy(folder -> TableWriter.writeStream(folder.resolve("outside.arrow"), rows(OUTSIDE)));
        }

        private static TableWriter.Rows rows(String answer) {
            Map<String, ColumnKind> columns = new LinkedHashMap<>();
            columns.put("question", ColumnKind.STRING);
            columns.put("answer", ColumnKind.STRING);
            List<Map<String, Object>> rows = List.of(
                    Map.of("question", "1 + 1?", "answer", answer), Map.of("question", "2 + 2?", "answer", "4"));
            return new TableWriter.Rows(columns, rows, "0123456789abcdef");
        }

        @Override
        public String name() {
            return "saved";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            TableWriter.Rows content = rows("2");
            return List.of(
                    Seeds.writtenBy(folder -> TableWriter.writeFolder(folder.resolve("set"), content)),
                    Seeds.writtenBy(
                            folder -> TableWriter.writeSplits(folder.resolve("set"), Map.of("train", content), false)));
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return file.endsWith(".json") ? JsonMutator.mutate(content, random) : ArrowMutator.mutate(content, random);
        }

        @Override
        public void load(Path folder) throws IOException {
            // What a list of shards could lead to if names were only joined with the folder.
            Files.write(folder.resolve("outside.arrow"), outside.get("outside.arrow"));
            read(folder.resolve("set"));
        }
    }

    /** One JSON object a line. */
    static final class Lines implements FuzzTarget {

        private static final String TEXT = """
                {"question":"What is 1 + 1?","answer":"2","id":7,"level":1.5,"tags":["a","b"],"extra":{"k":null,"b":true}}
                {"question":"Na\u00efve \ud83d\ude00?","answer":["3","three"],"id":"x","level":2,"tags":[],"extra":{}}

                {"question":"Long","answer":"work #### 12","solution":"by hand","id":9223372036854775808}
                """;

        @Override
        public String name() {
            return "jsonl";
        }

        @Override
        public List<Map<String, byte[]>> seeds() {
            return List.of(Map.of("data.jsonl", TEXT.getBytes(StandardCharsets.UTF_8)));
        }

        /** A line as JSON, or the lines as text. */
        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            if (random.nextInt(3) == 0) {
                return TextMutator.mutate(content, random);
            }
            List<String> lines = new ArrayList<>(
                    new String(content, StandardCharsets.UTF_8).lines().toList());
            int at = random.nextInt(lines.size());
            byte[] line = JsonMutator.mutate(lines.get(at).getBytes(StandardCharsets.UTF_8), random);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < lines.size(); i++) {
                out.writeBytes(i == at ? line : lines.get(i).getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
            return out.toByteArray();
        }

        @Override
        public void load(Path folder) {
            read(folder.resolve("data.jsonl"));
        }
    }
}
