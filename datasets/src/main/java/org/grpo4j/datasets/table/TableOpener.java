package org.grpo4j.datasets.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/** Finds out what lies at a path. File names are only asked when the content leaves it open. */
final class TableOpener {

    private static final byte[] STREAM_MAGIC = {-1, -1, -1, -1};
    private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};

    private TableOpener() {}

    static Table open(Path path, @Nullable String split) {
        if (Files.isDirectory(path)) {
            return openFolder(path, split);
        }
        if (!Files.exists(path)) {
            throw missing(path);
        }
        if (split != null) {
            throw new DatasetException(
                    path + " is a single file and has no split \"" + split + "\": leave the split out");
        }
        return openFile(path);
    }

    private static Table openFolder(Path path, @Nullable String split) {
        if (Files.exists(path.resolve(SavedFolder.SPLITS_FILE))) {
            return SavedFolder.openSplit(path, split);
        }
        Table parquet =
                Files.exists(path.resolve(SavedFolder.STATE_FILE)) ? null : ParquetFiles.openFolder(path, split);
        if (parquet != null) {
            return parquet;
        }
        if (split != null) {
            throw new DatasetException(path + " has no " + SavedFolder.SPLITS_FILE + " and so no split \"" + split
                    + "\": leave the split out, or give the folder above");
        }
        if (Files.exists(path.resolve(SavedFolder.STATE_FILE))) {
            return SavedFolder.open(path);
        }
        List<Path> files = dataFiles(path);
        if (files.size() == 1) {
            return openFile(files.get(0));
        }
        String found = files.isEmpty() ? "and no data file" : "and several data files " + names(files);
        throw new DatasetException(path + " is no data set folder: it has neither " + SavedFolder.SPLITS_FILE + " nor "
                + SavedFolder.STATE_FILE + " " + found
                + "; give a save_to_disk folder, .parquet files or one .arrow or .jsonl file");
    }

    private static Table openFile(Path file) {
        byte[] head = head(file);
        if (startsWith(head, FILE_MAGIC)) {
            return new ArrowTable(file, Container.ARROW_FILE, List.of(file));
        }
        if (startsWith(head, STREAM_MAGIC)) {
            return new ArrowTable(file, Container.ARROW_STREAM, List.of(file));
        }
        if (startsWith(head, PARQUET_MAGIC)) {
            return ParquetFiles.open(file, List.of(file));
        }
        if (startsWith(head, GZIP_MAGIC)) {
            throw new DatasetException(file + " is compressed with gzip: unpack it first");
        }
        String text = new String(head, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{") || isJsonName(file)) {
            return new JsonLinesTable(file);
        }
        throw new DatasetException(
                file + " is neither an Arrow stream, an Arrow file, Parquet nor JSON lines (its first bytes say so)");
    }

    private static DatasetException missing(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && Files.exists(parent.resolve(SavedFolder.SPLITS_FILE))) {
            return SavedFolder.splitNotThere(
                    parent, String.valueOf(path.getFileName()), SavedFolder.presentSplits(parent));
        }
        return new DatasetException(path + " does not exist: check the path of the data set");
    }

    private static List<Path> dataFiles(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> isJsonName(file) || file.toString().endsWith(".arrow"))
                    .filter(file -> !file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DatasetException("the folder " + folder + " cannot be listed: " + e.getMessage(), e);
        }
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
    }

    private static boolean isJsonName(Path file) {
        String name = file.toString();
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static byte[] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(64);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
