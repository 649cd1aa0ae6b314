package org.grpo4j.datasets.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grpo4j.datasets.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedFolderTest {

    private static final String SHARD = "data-00000-of-00001.arrow";

    @TempDir
    Path temporary;

    private static TableWriter.Rows rows(int count) {
        List<Map<String, Object>> rows = IntStream.range(0, count)
                .mapToObj(i -> Map.<String, Object>of("n", (long) i, "text", "row " + i))
                .toList();
        Map<String, ColumnKind> columns = new LinkedHashMap<>();
        columns.put("n", ColumnKind.INT64);
        columns.put("text", ColumnKind.STRING);
        return new TableWriter.Rows(columns, rows, "0123456789abcdef");
    }

    @Test
    void severalShardsAreOneTable() throws IOException {
        Path folder = temporary.resolve("d");
        TableWriter.writeFolder(folder, rows(2500));
        Files.copy(folder.resolve(SHARD), folder.resolve("second.arrow"));
        Files.writeString(
                folder.resolve("state.json"),
                "{\"_data_files\":[{\"filename\":\"" + SHARD + "\"},{\"filename\":\"second.arrow\"}]}");
        Table table = Table.open(folder);
        assertThat(table.container()).isEqualTo(Container.SAVED_FOLDER);
        assertThat(table.rowCount()).isEqualTo(5000);
        assertThat(ContainersTest.rows(table)).hasSize(5000).last().isEqualTo(Map.of("n", 2499L, "text", "row 2499"));

        TableWriter.writeStream(
                folder.resolve("second.arrow"),
                new TableWriter.Rows(Map.of("other", ColumnKind.BOOL), List.of(), "00"));
        assertThatThrownBy(() -> ContainersTest.rows(Table.open(folder))).hasMessageContaining("do not belong");
        Files.delete(folder.resolve("second.arrow"));
        assertThatThrownBy(() -> Table.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("second.arrow")
                .hasMessageContaining("not there");
    }

    @Test
    void aStateMustNotPointOutside() throws IOException {
        Path folder = temporary.resolve("d");
        TableWriter.writeFolder(folder, rows(1));
        TableWriter.writeStream(temporary.resolve("outside.arrow"), rows(1));
        Files.writeString(folder.resolve("state.json"), "{\"_data_files\":[{\"filename\":\"../outside.arrow\"}]}");
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("no file of this folder");
        String again = "{\"filename\":\"" + SHARD + "\"}";
        Files.writeString(folder.resolve("state.json"), "{\"_data_files\":[" + again + "," + again + "]}");
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("twice");
        Files.writeString(folder.resolve("state.json"), "{}");
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("_data_files");
        Files.writeString(folder.resolve("state.json"), "{");
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("not readable JSON");
    }

    @Test
    void aSplitThatIsItsOwnFolderIsNone() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("d"));
        for (String split : List.of(".", "./", "x/..")) {
            Files.writeString(folder.resolve("dataset_dict.json"), "{\"splits\":[\"" + split + "\"]}");
            assertThatThrownBy(() -> Table.open(folder))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("none of the splits");
        }
    }

    @Test
    void splitsAreChosenByNameOrWhenThereIsOne() throws IOException {
        Path folder = temporary.resolve("dict");
        TableWriter.writeSplits(folder, Map.of("train", rows(3)), false);
        assertThat(Table.open(folder).rowCount()).isEqualTo(3);
        Map<String, TableWriter.Rows> two = new LinkedHashMap<>();
        two.put("train", rows(3));
        two.put("test", rows(2));
        TableWriter.writeSplits(folder, two, true);
        assertThat(Table.open(folder, "test").rowCount()).isEqualTo(2);
        assertThat(Table.open(folder.resolve("train")).rowCount()).isEqualTo(3);
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("[train, test]");
        for (Path none : List.of(folder.resolve("dev"))) {
            assertThatThrownBy(() -> Table.open(none))
                    .hasMessageContaining("\"dev\"")
                    .hasMessageContaining("[train, test]");
        }
        assertThatThrownBy(() -> Table.open(folder, "dev")).isInstanceOf(DatasetException.class);
    }

    @Test
    void nothingHalfWrittenStays() throws IOException {
        Path file = temporary.resolve("a.arrow");
        TableWriter.writeFile(file, rows(2));
        Iterable<Map<String, Object>> failing = () -> new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Map<String, Object> next() {
                if (next == 1500) {
                    throw new IllegalStateException("the source failed");
                }
                return Map.of("n", next++);
            }
        };
        TableWriter.Rows broken = new TableWriter.Rows(Map.of("n", ColumnKind.INT64), failing, "00");
        assertThatThrownBy(() -> TableWriter.writeFile(file, broken)).hasMessage("the source failed");
        assertThatThrownBy(() -> TableWriter.writeFolder(temporary.resolve("new"), broken))
                .hasMessage("the source failed");
        assertThat(Table.open(file).rowCount()).isEqualTo(2);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void anExistingFolderIsNotOverwrittenUnasked() {
        Path folder = temporary.resolve("d");
        TableWriter.writeFolder(folder, rows(1));
        assertThatThrownBy(() -> TableWriter.writeFolder(folder, rows(2)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("exists already");
        assertThat(Table.open(folder).rowCount()).isEqualTo(1);
    }
}
