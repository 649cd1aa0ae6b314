package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file with one JSON object a line; blank lines are skipped. */
final class JsonLinesTable implements Table {

    private static final int LINES_FOR_COLUMNS = 1000;

    private final Path file;
    private final List<Column> columns;

    JsonLinesTable(Path file) {
        this.file = file;
        JsonTypes types = new JsonTypes();
        try (RowReader reader = new JsonLinesReader(file)) {
            Map<String, @Nullable Object> row = reader.next();
            for (int i = 0; row != null && i < LINES_FOR_COLUMNS; i++) {
                types.add(row);
                row = reader.next();
            }
        }
        this.columns = types.columns();
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public Container container() {
        return Container.JSON_LINES;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public long rowCount() {
        long rows = 0;
        try (RowReader reader = rows()) {
            while (reader.next() != null) {
                rows++;
            }
        }
        return rows;
    }

    @Override
    public RowReader rows() {
        return new JsonLinesReader(file);
    }
}
