package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files and folders of them as Hugging Face publishes data sets: {@code data/train-00000-of-00002.parquet}, where
 * the part before the number is the split.
 */
final class ParquetFiles {

    private static final String DATA_FOLDER = "data";
    private static final Pattern SHARD = Pattern.compile("(.+?)(-\\d{5}-of-\\d{5})?\\.parquet");
    private static final String LIBRARY = "org.apache.parquet.hadoop.ParquetFileReader";

    private ParquetFiles() {}

    static Table open(Path path, List<Path> shards) {
        requireLibrary(path);
        return new ParquetTable(path, shards);
    }

    private static void requireLibrary(Path path) {
        try {
            Class.forName(LIBRARY, false, ParquetFiles.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new DatasetException(
                    path + " is Parquet, whose reader is not built in: build with -Pparquet (for the launcher"
                            + " GRPO4J_BUILD_ARGS=-Pparquet, after mvn clean), or convert the data to Arrow, for example"
                            + " with Dataset.from_parquet(...).save_to_disk(...)",
                    e);
        }
    }

    /**
     * Opens a folder of Parquet files.
     *
     * @return null when it holds none
     * @throws DatasetException when it holds several splits and none of them is chosen
     */
    static @Nullable Table openFolder(Path folder, @Nullable String split) {
        Map<String, List<Path>> splits = splits(folder);
        if (splits.isEmpty()) {
            splits = splits(folder.resolve(DATA_FOLDER));
        }
        if (splits.isEmpty()) {
            return null;
        }
        if (split == null && splits.size() > 1) {
            throw new DatasetException(
                    folder + " has several splits " + splits.keySet() + ": choose one with its name as the split");
        }
        List<Path> shards = split == null ? splits.values().iterator().next() : splits.get(split);
        if (shards == null) {
            throw new DatasetException(
                    "the split \"" + split + "\" is not in " + folder + "; present splits are " + splits.keySet());
        }
        return open(folder, shards);
    }

    private static Map<String, List<Path>> splits(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> matcher(file).matches())
                    .sorted()
                    .collect(Collectors.groupingBy(ParquetFiles::split, TreeMap::new, Collectors.toList()));
        } catch (IOException e) {
            throw new DatasetException("the folder " + folder + " cannot be listed: " + Messages.firstLine(e), e);
        }
    }

    private static String split(Path file) {
        Matcher matcher = matcher(file);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static Matcher matcher(Path file) {
        return SHARD.matcher(String.valueOf(file.getFileName()));
    }
}
