package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/** One Parquet file. The compressed pages of one row group are in memory, and rows are assembled one by one. */
final class ParquetShard implements RowReader {

    private final Path file;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private final MessageColumnIO columns;
    private @Nullable RecordReader<Group> group;
    private long leftInGroup;

    private ParquetShard(Path file, ParquetFileReader reader) {
        this.file = file;
        this.reader = reader;
        this.schema = reader.getFileMetaData().getSchema();
        this.columns = new ColumnIOFactory().getColumnIO(schema);
    }

    static ParquetShard open(Path file) {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
        ParquetFileReader reader = null;
        ParquetShard shard = null;
        try {
            LocalInputFile input = named(file);
            reader = ParquetFileReader.open(input, options);
            checkPlaces(reader, input.getLength());
            shard = new ParquetShard(file, reader);
            return shard;
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        } finally {
            if (reader != null && shard == null) {
                closeQuietly(reader);
            }
        }
    }

    /** The library names the input in its messages. */
    private static LocalInputFile named(Path file) {
        return new LocalInputFile(file) {
            @Override
            public String toString() {
                return "it";
            }
        };
    }

    /** The library makes arrays as long as the footer says; a damaged footer must not ask for more than there is. */
    private static void checkPlaces(ParquetFileReader reader, long fileLength) throws IOException {
        for (BlockMetaData block : reader.getRowGroups()) {
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                long start = chunk.getStartingPos();
                long size = chunk.getTotalSize();
                CheckedMessages.check(
                        start >= 0 && size >= 0 && start <= fileLength && size <= fileLength - start,
                        "a column outside of the file");
            }
        }
    }

    MessageType schema() {
        return schema;
    }

    long rowCount() {
        return reader.getRecordCount();
    }

    @Override
    public @Nullable Map<String, @Nullable Object> next() {
        try {
            while (leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                leftInGroup = pages.getRowCount();
                group = columns.getRecordReader(pages, new GroupRecordConverter(schema));
            }
            Group row = group == null ? null : group.read();
            if (row == null) {
                throw new IOException("a row group ends before its last row");
            }
            leftInGroup--;
            return ParquetValues.struct(row);
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static DatasetException damaged(Path file, Exception e) {
        return new DatasetException(
                file + " cannot be read as Parquet: " + Messages.firstLine(e) + "; it may be damaged, copy it again",
                e);
    }

    private static void closeQuietly(ParquetFileReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            // The file was only read, and the reason why it is closed early is about to be told.
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be closed: " + Messages.firstLine(e), e);
        }
    }
}
