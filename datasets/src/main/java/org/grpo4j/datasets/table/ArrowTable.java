package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.List;
import org.grpo4j.datasets.DatasetException;

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
        return new ShardedReader<>(shards, this::openChecked);
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
}
