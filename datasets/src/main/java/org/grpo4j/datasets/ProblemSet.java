package org.grpo4j.datasets;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.grpo4j.datasets.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Problems in memory, in the order of their data, with the record of where they came from. An unmodifiable list; for data
 * larger than memory use {@link ProblemReader}.
 */
public final class ProblemSet extends AbstractList<Problem> implements RandomAccess {

    private final List<Problem> problems;
    private final Provenance provenance;

    private ProblemSet(String source, List<Problem> problems) {
        this.problems = List.copyOf(problems);
        this.provenance = new Provenance(source, problems.size(), ContentHash.of(problems));
    }

    /** Problems that were made rather than loaded; the source says how. */
    public static ProblemSet of(String source, List<Problem> problems) {
        return new ProblemSet(source, problems);
    }

    /** Loads a data set whose columns have usual names. */
    public static ProblemSet load(Path path) {
        return load(path, null, ProblemColumns.BY_NAME);
    }

    /** Loads a data set with some of its columns set. */
    public static ProblemSet load(Path path, ProblemColumns columns) {
        return load(path, null, columns);
    }

    /**
     * Loads a data set: an Arrow stream or file, a {@code save_to_disk} folder, JSON lines or Parquet.
     *
     * @param path file or folder; {@code folder/split} chooses a split as well
     * @param split the split of a folder that has several, null when the path is enough
     * @throws DatasetException when there is no such data, it is damaged, or a column is missing
     */
    public static ProblemSet load(Path path, @Nullable String split, ProblemColumns columns) {
        return load(Table.open(path, split), columns);
    }

    /** Loads an opened table. */
    public static ProblemSet load(Table table, ProblemColumns columns) {
        List<Problem> problems = new ArrayList<>();
        try (ProblemReader reader = new ProblemReader(table, columns)) {
            for (Problem next = reader.next(); next != null; next = reader.next()) {
                problems.add(next);
            }
        }
        return new ProblemSet(table.path().toString(), problems);
    }

    @Override
    public Problem get(int index) {
        return problems.get(index);
    }

    @Override
    public int size() {
        return problems.size();
    }

    /**
     * The rows from {@code from} (inclusive) to {@code to} (exclusive) as a set of its own.
     *
     * @throws DatasetException when the set has no such rows
     */
    public ProblemSet rows(int from, int to) {
        if (from < 0 || from > to || to > size()) {
            throw new DatasetException("rows " + from + " to " + to + " were asked for, but " + provenance.source()
                    + " has rows 0 to " + size());
        }
        return new ProblemSet(provenance.source() + "[" + from + ":" + to + "]", problems.subList(from, to));
    }

    /** Source, number of rows and content hash. */
    public Provenance provenance() {
        return provenance;
    }
}
