package org.grpo4j.datasets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.table.ColumnKind;
import org.grpo4j.datasets.table.TableWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes problems as Arrow with the columns problem, answer, solution (where there are any) and the extra ones. Whatever
 * is written loads again as the same problems, and in Hugging Face's {@code datasets}.
 */
public final class ProblemWriter {

    private static final String PROBLEM = "problem";
    private static final String ANSWER = "answer";
    private static final String SOLUTION = "solution";
    private static final String ID = "id";
    private static final int FINGERPRINT_LENGTH = 16;

    private ProblemWriter() {}

    /** Writes one Arrow stream, the kind of file Hugging Face writes, in place of an older one. */
    public static void writeStream(Path file, ProblemSet problems) {
        TableWriter.writeStream(file, rows(problems));
    }

    /**
     * Writes a {@code save_to_disk} folder.
     *
     * @throws DatasetException when the folder exists, or cannot be written
     */
    public static void writeFolder(Path folder, ProblemSet problems) {
        TableWriter.writeFolder(folder, rows(problems));
    }

    /**
     * Writes a folder with one {@code save_to_disk} folder a split.
     *
     * @param replace whether a folder that exists is replaced; otherwise it is refused
     * @throws DatasetException when the folder exists and must not be replaced, or cannot be written
     */
    public static void writeSplits(Path folder, Map<String, ProblemSet> splits, boolean replace) {
        Map<String, TableWriter.Rows> tables = new LinkedHashMap<>();
        splits.forEach((name, problems) -> {
            if (!name.matches("\\w+(\\.\\w+)*")) {
                throw new DatasetException(
                        "a split cannot be named \"" + name + "\": use letters, digits, dots and underscores");
            }
            tables.put(name, rows(problems));
        });
        TableWriter.writeSplits(folder, tables, replace);
    }

    private static TableWriter.Rows rows(ProblemSet problems) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>(problems.size());
        boolean alternatives =
                problems.stream().anyMatch(problem -> problem.answers().size() > 1);
        boolean solutions = problems.stream().anyMatch(problem -> problem.solution() != null);
        boolean named = false;
        for (int i = 0; i < problems.size(); i++) {
            named |= !problems.get(i).id().equals(Integer.toString(i));
        }
        Map<String, ColumnKind> columns = new LinkedHashMap<>();
        if (named) {
            columns.put(ID, ColumnKind.STRING);
        }
        columns.put(PROBLEM, ColumnKind.STRING);
        columns.put(ANSWER, alternatives ? ColumnKind.STRING_LIST : ColumnKind.STRING);
        if (solutions) {
            columns.put(SOLUTION, ColumnKind.STRING);
        }
        for (Problem problem : problems) {
            addExtra(columns, problem);
            Map<String, @Nullable Object> row = new LinkedHashMap<>(problem.extra());
            row.put(ID, problem.id());
            row.put(PROBLEM, problem.problem());
            row.put(ANSWER, alternatives ? problem.answers() : problem.answer());
            row.put(SOLUTION, problem.solution());
            rows.add(row);
        }
        return new TableWriter.Rows(
                columns, rows, problems.provenance().sha256().substring(0, FINGERPRINT_LENGTH));
    }

    private static void addExtra(Map<String, ColumnKind> columns, Problem problem) {
        problem.extra().forEach((name, value) -> {
            if (value == null) {
                return;
            }
            ColumnKind kind = ColumnKind.of(value);
            ColumnKind before = columns.get(name);
            if (kind == null || (before != null && before != kind) || isOwn(name)) {
                throw new DatasetException("the extra column \"" + name + "\" of problem " + problem.id()
                        + " cannot be written: all its values must be of one type, text, whole numbers, numbers,"
                        + " booleans or lists of text, under a name that is not a problem's own");
            }
            columns.put(name, kind);
        });
    }

    private static boolean isOwn(String name) {
        return name.equals(ID) || name.equals(PROBLEM) || name.equals(ANSWER) || name.equals(SOLUTION);
    }
}
