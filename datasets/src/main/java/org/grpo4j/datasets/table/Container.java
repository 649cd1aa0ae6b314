package org.grpo4j.datasets.table;

/** How a table lies on disk. */
public enum Container {
    /** One Arrow IPC stream: schema, batches, end mark. */
    ARROW_STREAM("Arrow stream"),
    /** One Arrow IPC file: a stream between two {@code ARROW1} marks, with a footer. */
    ARROW_FILE("Arrow file"),
    /** A folder as {@code datasets.Dataset.save_to_disk} writes it: {@code state.json} and its shards. */
    SAVED_FOLDER("save_to_disk folder"),
    /** One JSON object a line. */
    JSON_LINES("JSON lines"),
    /** Parquet files, as data sets are published; read by an optional library. */
    PARQUET("Parquet");

    private final String title;

    Container(String title) {
        this.title = title;
    }

    /** The name to show to a user. */
    public String title() {
        return title;
    }
}
