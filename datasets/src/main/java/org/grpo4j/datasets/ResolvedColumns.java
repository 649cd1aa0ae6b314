package org.grpo4j.datasets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.grpo4j.datasets.table.Column;
import org.grpo4j.datasets.table.Table;
import org.jspecify.annotations.Nullable;

/** The columns of one table that a problem is made of, all of them known to exist. */
record ResolvedColumns(
        String problem,
        String answer,
        @Nullable String solution,
        @Nullable String id) {

    private static final List<String> PROBLEM_NAMES =
            List.of("problem", "question", "prompt", "input", "query", "instruction");
    private static final List<String> ANSWER_NAMES = List.of(
            "answer", "gt_answer", "final_answer", "ground_truth", "expected_answer", "gold", "target", "answers");
    private static final List<String> SOLUTION_NAMES =
            List.of("solution", "output", "worked_solution", "completion", "response");
    private static final List<String> ID_NAMES = List.of("id", "unique_id", "problem_id", "uuid");

    static ResolvedColumns of(Table table, ProblemColumns wanted) {
        List<String> names = table.columns().stream().map(Column::name).toList();
        List<String> answerNames =
                Stream.concat(ANSWER_NAMES.stream(), SOLUTION_NAMES.stream()).toList();
        return new ResolvedColumns(
                required(table, names, "problem", wanted.problem(), PROBLEM_NAMES),
                required(table, names, "answer", wanted.answer(), answerNames),
                optional(table, names, "solution", wanted.solution(), SOLUTION_NAMES),
                optional(table, names, "id", wanted.id(), ID_NAMES));
    }

    private static String required(
            Table table, List<String> names, String part, @Nullable String wanted, List<String> usual) {
        String found = optional(table, names, part, wanted, usual);
        if (found == null) {
            throw new DatasetException(table.path() + " has no " + part + " column: its columns are " + names
                    + ", none of them is named " + String.join(", ", usual) + "; set " + part
                    + "_column to the one that holds it");
        }
        return found;
    }

    private static @Nullable String optional(
            Table table, List<String> names, String part, @Nullable String wanted, List<String> usual) {
        if (wanted == null) {
            return usual.stream()
                    .flatMap(name -> names.stream()
                            .filter(column -> column.toLowerCase(Locale.ROOT).equals(name)))
                    .findFirst()
                    .orElse(null);
        }
        if (!names.contains(wanted) && !names.contains(firstStep(wanted))) {
            throw new DatasetException(table.path() + " has no column \"" + wanted + "\", which was set as " + part
                    + "_column: its columns are " + names);
        }
        return wanted;
    }

    /** The value of a column, or of a member when the name has dots and no column bears the whole name. */
    static @Nullable Object value(Map<String, @Nullable Object> row, String name) {
        if (row.containsKey(name) || name.indexOf('.') < 0) {
            return row.get(name);
        }
        Object value = row;
        for (String step : name.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }

    /** What of the row is not already part of the problem. */
    Map<String, @Nullable Object> rest(Map<String, @Nullable Object> row) {
        List<String> used = new ArrayList<>(List.of(problem, answer));
        if (solution != null) {
            used.add(solution);
        }
        if (id != null) {
            used.add(id);
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(row);
        rest.keySet().removeAll(Set.copyOf(used));
        return rest;
    }

    private static String firstStep(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
