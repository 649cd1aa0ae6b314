package org.grpo4j.datasets.table;

/** Words of other libraries' exceptions, made fit for one sentence. */
final class Messages {

    private static final int LONGEST = 160;

    private Messages() {}

    static String firstLine(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        String line = message.strip().lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
