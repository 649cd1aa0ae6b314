package org.grpo4j.datasets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.table.Column;
import org.grpo4j.datasets.table.RowReader;
import org.grpo4j.datasets.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * What lies at a path, for a user who wants to look at it.
 *
 * @param path the file or folder that is read
 * @param container its kind, in words
 * @param columns name and type of each column
 * @param rows how many there are
 * @param head the first rows as they are, ready to be written as JSON
 * @param problems the same rows as problems; empty when {@code noProblems} is set
 * @param noProblems why the rows cannot be read as problems, null when they can
 */
public record DatasetDescription(
        String path,
        String container,
        List<Column> columns,
        long rows,
        List<Map<String, @Nullable Object>> head,
        List<Problem> problems,
        @Nullable String noProblems) {

    /**
     * Describes a data set. Rows are counted to the end, so damage anywhere in the containers' structure is found.
     *
     * @param split of a folder that has several, else null
     * @param head how many rows to show
     * @throws DatasetException when there is no readable data
     */
    public static DatasetDescription of(Path path, @Nullable String split, ProblemColumns columns, int head) {
        if (head < 0) {
            throw new IllegalArgumentException("head is " + head + ", must be 0 or more");
        }
        Table table = Table.open(path, split);
        List<Problem> problems = new ArrayList<>();
        String noProblems = null;
        try {
            readProblems(table, columns, head, problems);
        } catch (DatasetException e) {
            problems.clear();
            noProblems = e.getMessage();
        }
        return new DatasetDescription(
                table.path().toString(),
                table.container().title(),
                table.columns(),
                table.rowCount(),
                firstRows(table, head),
                List.copyOf(problems),
                noProblems);
    }

    private static List<Map<String, @Nullable Object>> firstRows(Table table, int head) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (RowReader reader = table.rows()) {
            while (rows.size() < head) {
                Map<String, @Nullable Object> row = reader.next();
                if (row == null) {
                    break;
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static void readProblems(Table table, ProblemColumns columns, int head, List<Problem> problems) {
        try (ProblemReader reader = new ProblemReader(table, columns)) {
            while (problems.size() < head) {
                Problem problem = reader.next();
                if (problem == null) {
                    break;
                }
                problems.add(problem);
            }
        }
    }

    /** All of it as one JSON object. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        columns.forEach(column -> schema.put(column.name(), column.type()));
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("container", container);
        map.put("schema", schema);
        map.put("rows", rows);
        map.put("head", head);
        map.put("problems", problems.stream().map(Problem::toMap).toList());
        if (noProblems != null) {
            map.put("no_problems", noProblems);
        }
        return map;
    }
}
