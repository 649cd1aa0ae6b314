package org.grpo4j.datasets.table;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a table in order; at most one batch is in memory. Whoever opens a reader closes it. */
public interface RowReader extends AutoCloseable {

    /**
     * The next row, by column name in the table's order, or null after the last. Values are {@code String},
     * {@code Long} ({@code BigInteger} beyond it), {@code Double}, {@code BigDecimal}, {@code Boolean}, {@code List},
     * {@code Map} or null, so a row can be written as JSON.
     *
     * @throws org.grpo4j.datasets.DatasetException when the data is damaged
     */
    @Nullable
    Map<String, @Nullable Object> next();

    @Override
    void close();
}
