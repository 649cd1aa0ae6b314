package org.grpo4j.training.metrics;

/**
 * One line with a bar: {@code train  37/200 ━━━━╸────  12 min left}.
 *
 * @param label in front
 * @param done units done
 * @param total units of all; 0 if that is not known, and then there is no bar
 * @param remark behind the bar
 */
record BarLine(String label, int done, int total, String remark) {
    /** Labels take as much room as the longest name of a phase, so that bars stand below each other. */
    private static final int LABEL_COLUMNS = 10;

    private static final int COUNT_COLUMNS = 11;
    private static final int LONGEST_BAR = 40;
    private static final int SHORTEST_BAR = 5;

    /**
     * The line, at most as wide as the room: the bar shrinks and vanishes first, then the remark.
     *
     * @param drawsLines whether the bar is a line, and not of ASCII characters
     */
    String draw(int columns, boolean drawsLines) {
        String count = total > 0 ? done + "/" + total : "";
        String wide = TextWidth.pad(label, LABEL_COLUMNS) + " " + TextWidth.pad(count, COUNT_COLUMNS);
        String narrow = (label + " " + count).strip();
        int tail = remark.isEmpty() ? 0 : TextWidth.of(remark) + 2;
        int bar = Math.min(LONGEST_BAR, columns - TextWidth.of(wide) - 1 - tail);
        if (bar >= SHORTEST_BAR && total > 0) {
            return wide + " " + bar(bar, drawsLines) + (remark.isEmpty() ? "" : "  " + remark);
        }
        boolean room = tail > 0 && TextWidth.of(narrow) + tail <= columns;
        return TextWidth.cut(room ? narrow + "  " + remark : narrow, columns);
    }

    private String bar(int columns, boolean drawsLines) {
        int halves = (int) (2L * columns * done / total);
        int full = halves / 2;
        if (!drawsLines) {
            return "#".repeat(full) + "-".repeat(columns - full);
        }
        String half = halves % 2 == 1 ? "╸" : "";
        return "━".repeat(full) + half + "─".repeat(columns - full - half.length());
    }
}
