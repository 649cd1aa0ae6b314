package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.grpo4j.datasets.DatasetException;

/**
 * Rows of one or more Parquet files with the same columns, read one file after the other. The library that reads them is
 * optional, so nothing but {@link TableOpener} may name this class, after it has looked for the library.
 */
final class ParquetTable implements Table {

    private final Path path;
    private final List<Path> shards;
    private final MessageType schema;

    ParquetTable(Path path, List<Path> shards) {
        this.path = path;
        this.shards = List.copyOf(shards);
        try (ParquetShard first = ParquetShard.open(shards.get(0))) {
            this.schema = first.schema();
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Container container() {
        return Container.PARQUET;
    }

    @Override
    public List<Column> columns() {
        return ParquetTypes.columns(schema);
    }

    @Override
    public long rowCount() {
        long rows = 0;
        for (Path file : shards) {
            try (ParquetShard shard = openChecked(file)) {
                rows += shard.rowCount();
            }
        }
        return rows;
    }

    @Override
    public RowReader rows() {
        return new ShardedReader<>(shards, this::openChecked);
    }

    private ParquetShard openChecked(Path file) {
        ParquetShard shard = ParquetShard.open(file);
        List<Column> found = ParquetTypes.columns(shard.schema());
        if (!found.equals(columns())) {
            shard.close();
            throw new DatasetException("the file " + file + " has the columns " + found + ", but the first one "
                    + shards.get(0) + " has " + columns() + ": they do not belong to one data set");
        }
        return shard;
    }
}
