package org.grpo4j.datasets.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/**
 * The layout of Hugging Face's {@code save_to_disk}: {@code state.json} lists the shards of a data set,
 * {@code dataset_dict.json} the splits of a {@code DatasetDict}, each of them a folder with its own state
 * ({@code datasets/arrow_dataset.py} and {@code datasets/dataset_dict.py}).
 */
final class SavedFolder {

    static final String STATE_FILE = "state.json";
    static final String INFO_FILE = "dataset_info.json";
    static final String SPLITS_FILE = "dataset_dict.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private SavedFolder() {}

    static Table open(Path folder) {
        Path stateFile = folder.resolve(STATE_FILE);
        JsonNode state = read(stateFile);
        refuseIndices(folder, state);
        JsonNode files = state.path("_data_files");
        if (!files.isArray() || files.isEmpty()) {
            throw new DatasetException(
                    stateFile + " lists no \"_data_files\": it is no state of a save_to_disk folder");
        }
        Set<Path> shards = new LinkedHashSet<>();
        for (JsonNode file : files) {
            Path shard = shard(folder, stateFile, file.path("filename").asText(""));
            if (!shards.add(shard)) {
                throw new DatasetException(
                        stateFile + " lists the shard " + shard.getFileName() + " twice: copy the whole folder again");
            }
        }
        return new ArrowTable(folder, Container.SAVED_FOLDER, List.copyOf(shards));
    }

    private static Path shard(Path folder, Path stateFile, String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0 || !isInside(folder, name)) {
            throw new DatasetException(
                    stateFile + " lists the shard \"" + name + "\", which is no file of this folder");
        }
        Path shard = folder.resolve(name);
        if (!Files.isRegularFile(shard)) {
            throw new DatasetException("the shard " + shard + " is listed in " + STATE_FILE
                    + " but not there: copy the whole folder again");
        }
        return shard;
    }

    /** A state may come from anywhere; it must not make us read files outside its folder. */
    private static boolean isInside(Path folder, String name) {
        Path base = folder.toAbsolutePath().normalize();
        Path named = base.resolve(name).normalize();
        // A split that is the folder itself would be opened for ever.
        return named.startsWith(base) && !named.equals(base);
    }

    /** Old versions saved a shuffled view as the unshuffled rows and a table of indices; reading only the rows is wrong. */
    private static void refuseIndices(Path folder, JsonNode state) {
        if (!state.path("_indices_files").isEmpty()
                || !state.path("_indices_data_files").isEmpty()) {
            throw new DatasetException(folder + " was saved with an index table by an old version of datasets:"
                    + " call flatten_indices() and save it again");
        }
    }

    static Table openSplit(Path folder, @Nullable String split) {
        List<String> present = presentSplits(folder);
        if (split != null) {
            if (!present.contains(split)) {
                throw splitNotThere(folder, split, present);
            }
            return TableOpener.open(folder.resolve(split), null);
        }
        if (present.size() == 1) {
            return TableOpener.open(folder.resolve(present.get(0)), null);
        }
        if (present.isEmpty()) {
            throw new DatasetException("none of the splits " + listedSplits(folder) + " of " + folder
                    + " is there: copy the folder again");
        }
        throw new DatasetException(folder + " has several splits " + present + ": choose one, for example "
                + folder.resolve(present.get(0)));
    }

    static DatasetException splitNotThere(Path folder, String split, List<String> present) {
        String listed = listedSplits(folder).contains(split) ? " is listed in " + SPLITS_FILE + " but" : "";
        return new DatasetException(
                "the split \"" + split + "\"" + listed + " is not in " + folder + "; present splits are " + present);
    }

    static List<String> presentSplits(Path folder) {
        return listedSplits(folder).stream()
                .filter(split -> !split.isEmpty() && split.indexOf('\0') < 0 && isInside(folder, split))
                .filter(split -> Files.isDirectory(folder.resolve(split)))
                .toList();
    }

    private static List<String> listedSplits(Path folder) {
        List<String> splits = new ArrayList<>();
        read(folder.resolve(SPLITS_FILE)).path("splits").forEach(split -> splits.add(split.asText("")));
        return splits;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new DatasetException(file + " is not readable JSON: " + Messages.firstLine(e), e);
        }
    }
}
