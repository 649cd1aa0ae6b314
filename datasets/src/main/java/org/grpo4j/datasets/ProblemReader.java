package org.grpo4j.datasets;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.table.RowReader;
import org.grpo4j.datasets.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table as problems, one after the other, so a table may be larger than memory. Whoever opens a reader
 * closes it.
 */
public final class ProblemReader implements AutoCloseable {

    private static final String GSM8K_MARK = "####";

    private final Table table;
    private final ResolvedColumns columns;
    private final RowReader rows;
    private long row;

    /**
     * Starts reading at the first row.
     *
     * @throws DatasetException when a column is missing; the message names those that exist
     */
    public ProblemReader(Table table, ProblemColumns columns) {
        this.table = table;
        this.columns = ResolvedColumns.of(table, columns);
        this.rows = table.rows();
    }

    /**
     * The next problem, or null after the last.
     *
     * @throws DatasetException when a row has no question or no answer, or the data is damaged
     */
    public @Nullable Problem next() {
        Map<String, @Nullable Object> values = rows.next();
        return values == null ? null : problem(values, row++);
    }

    /**
     * The next problems, at most {@code size}; empty after the last. For work that sees each problem once.
     *
     * @param size how many are wanted, at least 1
     * @throws DatasetException when a row has no question or no answer, or the data is damaged
     */
    public List<Problem> nextBatch(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size is " + size + ", must be 1 or more");
        }
        List<Problem> batch = new ArrayList<>();
        while (batch.size() < size) {
            Problem problem = next();
            if (problem == null) {
                break;
            }
            batch.add(problem);
        }
        return batch;
    }

    private Problem problem(Map<String, @Nullable Object> values, long number) {
        String text = text(values, columns.problem(), number);
        List<String> answers = answers(values, number);
        String solution = columns.solution() == null ? null : string(ResolvedColumns.value(values, columns.solution()));
        String first = answers.get(0);
        int mark = first.lastIndexOf(GSM8K_MARK);
        if (answers.size() == 1 && mark >= 0) {
            // GSM8K keeps the worked solution in the answer column and the answer after the mark.
            solution = solution == null ? first : solution;
            answers = List.of(first.substring(mark + GSM8K_MARK.length()).strip());
        }
        Object id = columns.id() == null ? null : ResolvedColumns.value(values, columns.id());
        String name = id == null ? Long.toString(number) : String.valueOf(string(id));
        return new Problem(name, text, answers, solution, columns.rest(values));
    }

    private String text(Map<String, @Nullable Object> values, String column, long number) {
        String text = string(ResolvedColumns.value(values, column));
        if (text == null) {
            throw empty(column, number);
        }
        return text;
    }

    private List<String> answers(Map<String, @Nullable Object> values, long number) {
        Object value = ResolvedColumns.value(values, columns.answer());
        List<String> answers = new ArrayList<>();
        for (Object alternative : value instanceof List<?> list ? list : singleton(value)) {
            String answer = string(alternative);
            if (answer != null && !answer.isBlank()) {
                answers.add(answer.strip());
            }
        }
        if (answers.isEmpty()) {
            throw empty(columns.answer(), number);
        }
        return answers;
    }

    private static List<?> singleton(@Nullable Object value) {
        return value == null ? List.of() : List.of(value);
    }

    private DatasetException empty(String column, long number) {
        return new DatasetException("row " + number + " of " + table.path() + " has nothing in the column \"" + column
                + "\": remove the row or choose another column");
    }

    /** A whole number in a float column is meant as a whole number: 142.0 is 142. */
    private static @Nullable String string(@Nullable Object value) {
        if (value instanceof Double number && Double.isFinite(number)) {
            BigDecimal exact = BigDecimal.valueOf(number).stripTrailingZeros();
            return Math.abs(number) < 1e15 && Math.abs(number) >= 1e-6 ? exact.toPlainString() : exact.toString();
        }
        return value == null ? null : value.toString();
    }

    @Override
    public void close() {
        rows.close();
    }
}
