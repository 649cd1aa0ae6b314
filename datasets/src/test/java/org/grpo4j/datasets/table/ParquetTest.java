package org.grpo4j.datasets.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.grpo4j.datasets.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet as DuckDB 1.3 wrote it: {@code types.jsonl} in three compressions, and 5,000 rows in three row groups. */
class ParquetTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"types.snappy.parquet", "types.zstd.parquet", "types.gzip.parquet"})
    void everyCompressionHoldsTheRowsOfTheJsonLines(String name) {
        Table table = Table.open(ContainersTest.fixture(name));
        assertThat(table.container()).isEqualTo(Container.PARQUET);
        assertThat(table.rowCount()).isEqualTo(5);
        assertThat(ContainersTest.rows(table))
                .isEqualTo(ContainersTest.rows(Table.open(ContainersTest.fixture("types.jsonl"))));
        assertThat(table.columns())
                .extracting(Column::toString)
                .contains("text: string", "int8: int8", "uint64: uint64", "float32: float32", "flag: bool")
                .contains("names: list<string>", "nested: struct<a: int64, b: string>");
    }

    @Test
    void shardsOfASplitAreOneTable() throws IOException {
        byte[] bytes = Files.readAllBytes(ContainersTest.fixture("types.zstd.parquet"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.write(data.resolve("train-00000-of-00002.parquet"), bytes);
        Files.write(data.resolve("train-00001-of-00002.parquet"), bytes);
        assertThat(Table.open(folder).rowCount()).isEqualTo(10);
        assertThat(ContainersTest.rows(Table.open(folder))).hasSize(10);
        Files.write(data.resolve("test-00000-of-00001.parquet"), bytes);
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("several splits [test, train]");
        assertThat(Table.open(folder, "test").rowCount()).isEqualTo(5);
        assertThatThrownBy(() -> Table.open(folder, "dev")).hasMessageContaining("present splits are [test, train]");
    }

    @Test
    void filesOfOtherColumnsDoNotMix() throws IOException {
        copy("types.zstd.parquet", "train-00000-of-00002.parquet");
        copy("groups.parquet", "train-00001-of-00002.parquet");
        assertThatThrownBy(() -> ContainersTest.rows(Table.open(folder)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("do not belong to one data set");
    }

    private void copy(String fixture, String name) throws IOException {
        Files.write(folder.resolve(name), Files.readAllBytes(ContainersTest.fixture(fixture)));
    }

    @Test
    void rowGroupsFollowEachOther() {
        Table table = Table.open(ContainersTest.fixture("groups.parquet"));
        assertThat(table.rowCount()).isEqualTo(5000);
        assertThat(ContainersTest.rows(table))
                .extracting(row -> row.get("answer"))
                .hasSize(5000)
                .startsWith("0", "1", "2")
                .endsWith("4998", "4999");
    }

    @Test
    void damagedFilesNeverDoMoreThanRefuse() throws IOException {
        byte[] whole = Files.readAllBytes(ContainersTest.fixture("types.snappy.parquet"));
        Path file = folder.resolve("damaged.parquet");
        for (int length : List.of(4, 12, whole.length / 2, whole.length - 1)) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ContainersTest.rows(Table.open(file)))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(file.toString());
        }
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                ContainersTest.rows(Table.open(file));
            } catch (DatasetException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
