package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/** Rows of one or more Arrow shards with the same columns, read one shard after the other. */
final class ArrowTable implements Table {

    private final Path path;
    private final Container container;
    private final List<Path> shards;
    private final List<Column> columns;

    ArrowTable(Path path, Container container, List<Path> shards) {
        this.path = path;
        this.container = container;
        this.shards = List.copyOf(shards);
        try (ArrowShard first = ArrowShard.open(shards.get(0))) {
            this.columns = ArrowTypes.columns(first.schema());
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public long rowCount() {
        return shards.stream().mapToLong(ArrowShard::countRows).sum();
    }

    @Override
    public RowReader rows() {
        return new ShardedReader();
    }

    private final class ShardedReader implements RowReader {

        private int nextShard;
        private @Nullable ArrowShard open;

        @Override
        public @Nullable Map<String, @Nullable Object> next() {
            while (true) {
                if (open == null) {
                    if (nextShard == shards.size()) {
                        return null;
                    }
                    open = openChecked(shards.get(nextShard++));
                }
                Map<String, @Nullable Object> row = open.next();
                if (row != null) {
                    return row;
                }
                close();
            }
        }

        private ArrowShard openChecked(Path file) {
            ArrowShard shard = ArrowShard.open(file);
            List<Column> found = ArrowTypes.columns(shard.schema());
            if (!found.equals(columns)) {
                shard.close();
                throw new DatasetException("the shard " + file + " has the columns " + found + ", but the first shard "
                        + shards.get(0) + " has " + columns + ": they do not belong to one data set");
            }
            return shard;
        }

        @Override
        public void close() {
            ArrowShard shard = open;
            open = null;
            if (shard != null) {
                shard.close();
            }
        }
    }
}
