package org.grpo4j.datasets.table;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of several files, one file after the other; at most one of them is open. */
final class ShardedReader<S extends RowReader> implements RowReader {

    private final Iterator<Path> files;
    private final Function<Path, S> opener;
    private @Nullable S open;

    ShardedReader(List<Path> files, Function<Path, S> opener) {
        this.files = files.iterator();
        this.opener = opener;
    }

    @Override
    public @Nullable Map<String, @Nullable Object> next() {
        while (true) {
            if (open == null) {
                if (!files.hasNext()) {
                    return null;
                }
                open = opener.apply(files.next());
            }
            Map<String, @Nullable Object> row = open.next();
            if (row != null) {
                return row;
            }
            close();
        }
    }

    @Override
    public void close() {
        S shard = open;
        open = null;
        if (shard != null) {
            shard.close();
        }
    }
}
