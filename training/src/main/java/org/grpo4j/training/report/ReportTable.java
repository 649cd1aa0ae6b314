package org.grpo4j.training.report;

import java.util.List;
import java.util.Map;

/**
 * A table of a report. A column of numbers is aligned as such.
 *
 * @param title heading above it
 * @param columns names of the columns; the first names the row
 * @param rows as many cells each as there are columns
 * @param links addresses of other pages by the text of the first column, relative to the page
 */
public record ReportTable(String title, List<String> columns, List<List<String>> rows, Map<String, String> links) {
    public ReportTable {
        links = Map.copyOf(links);
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        int width = columns.size();
        if (rows.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("table '" + title + "': every row must have " + width + " cells");
        }
    }

    /** A table without links. */
    public ReportTable(String title, List<String> columns, List<List<String>> rows) {
        this(title, columns, rows, Map.of());
    }
}
