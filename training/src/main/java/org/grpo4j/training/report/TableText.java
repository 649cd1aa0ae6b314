package org.grpo4j.training.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tables as plain text, for a terminal. */
public final class TableText {
    private static final String GAP = "  ";

    private TableText() {}

    /** The columns' names and the rows, one a line: the first column to the left, the others to the right. */
    public static String of(ReportTable table) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.columns());
        lines.addAll(table.rows());
        int[] widths = IntStream.range(0, table.columns().size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        lines.add(1, IntStream.of(widths).mapToObj("─"::repeat).toList());
        return lines.stream().map(line -> line(line, widths)).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder(pad(cells.get(0), widths[0], true));
        for (int i = 1; i < widths.length; i++) {
            text.append(GAP).append(pad(cells.get(i), widths[i], false));
        }
        return text.toString().stripTrailing();
    }

    private static String pad(String cell, int width, boolean left) {
        String space = " ".repeat(width - cell.length());
        return left ? cell + space : space + cell;
    }
}
