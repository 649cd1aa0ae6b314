package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows under named columns, somewhere on disk. Opening reads only what is needed to know the columns. */
public interface Table {

    /** The file or folder the rows are in; for a split, the split's folder. */
    Path path();

    Container container();

    /** Name and type of every column, in order; those of JSON lines are inferred from the first thousand lines. */
    List<Column> columns();

    /**
     * Number of rows. Arrow batches are counted by their headers alone, JSON lines are read through.
     *
     * @throws org.grpo4j.datasets.DatasetException when the data is damaged
     */
    long rowCount();

    /** Starts reading at the first row. */
    RowReader rows();

    /**
     * Opens a file or folder, found out by its content: Arrow stream, Arrow file, {@code save_to_disk} folder, JSON
     * lines, Parquet file or folder of Parquet files. A folder with splits opens when it holds just one; otherwise choose
     * one.
     *
     * @throws org.grpo4j.datasets.DatasetException when there is nothing that can be read
     */
    static Table open(Path path) {
        return open(path, null);
    }

    /** Like {@link #open(Path)}, with the split to take from a folder that has several. */
    static Table open(Path path, @Nullable String split) {
        return TableOpener.open(path, split);
    }
}
