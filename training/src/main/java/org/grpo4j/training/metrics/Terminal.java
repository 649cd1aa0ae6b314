package org.grpo4j.training.metrics;

/** What the launcher found out about the terminal: Java itself cannot tell whether standard error is one. */
final class Terminal {

    private Terminal() {}

    static boolean present() {
        return Boolean.getBoolean("grpo4j.terminal");
    }

    static int columns() {
        int columns = Integer.getInteger("grpo4j.columns", 0);
        return columns >= 40 ? columns : 120;
    }
}
