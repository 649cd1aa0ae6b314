package org.grpo4j.training.report;

import java.util.List;

/**
 * A table of a report. A column of numbers is aligned as such.
 *
 * @param title heading above it
 * @param columns names of the columns; the first names the row
 * @param rows as many cells each as there are columns
 */
public record ReportTable(String title, List<String> columns, List<List<String>> rows) {
    public ReportTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        int width = columns.size();
        if (rows.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("table '" + title + "': every row must have " + width + " cells");
        }
    }
}
