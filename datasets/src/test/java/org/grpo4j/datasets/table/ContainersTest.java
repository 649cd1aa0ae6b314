package org.grpo4j.datasets.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same five rows, written by PyArrow in each container, must come out the same. */
class ContainersTest {

    @TempDir
    Path folder;

    static Path fixture(String name) {
        try {
            return Path.of(ContainersTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Map<String, Object>> rows(Table table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (RowReader reader = table.rows()) {
            for (Map<String, Object> row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({
        "types.stream.arrow, ARROW_STREAM",
        "types.zstd.arrow, ARROW_STREAM",
        "types.file.arrow, ARROW_FILE",
        "types.lz4.arrow, ARROW_FILE"
    })
    void everyContainerHoldsTheSameRows(String name, Container container) {
        Table table = Table.open(fixture(name));
        assertThat(table.container()).isEqualTo(container);
        assertThat(table.rowCount()).isEqualTo(5);
        assertThat(rows(table)).isEqualTo(rows(Table.open(fixture("types.jsonl"))));
    }

    @Test
    void typesBearTheNamesOfHuggingFace() {
        assertThat(Table.open(fixture("types.stream.arrow")).columns())
                .extracting(Column::toString)
                .contains("text: string", "large: large_string", "view: string_view", "uint8: uint8")
                .contains("float64: float64", "flag: bool", "names: list<string>", "numbers: list<int32>")
                .contains("nested: struct<a: int64, b: string>", "nothing: null", "kind: string");
    }

    @Test
    void aReaderMayBeClosedBeforeItsEnd() {
        // The allocator behind it refuses to close while a buffer is open.
        for (String name : List.of("types.stream.arrow", "types.lz4.arrow")) {
            try (RowReader reader = Table.open(fixture(name)).rows()) {
                assertThat(reader.next()).isNotNull();
            }
        }
    }

    @Test
    void jsonLinesInferTheirColumns() throws IOException {
        Path file = folder.resolve("a.jsonl");
        Files.writeString(file, "{\"a\":1,\"b\":[\"x\"]}\n\n{\"a\":2.5,\"c\":{\"d\":null}}\n");
        Table table = Table.open(file);
        assertThat(table.columns())
                .containsExactly(
                        new Column("a", "float64"),
                        new Column("b", "list<string>"),
                        new Column("c", "struct<d: null>"));
        assertThat(table.rowCount()).isEqualTo(2);
    }

    @Test
    void aMalformedLineIsNamed() throws IOException {
        Path file = folder.resolve("a.jsonl");
        Files.writeString(file, "{\"a\":1}\n{\"a\":\n");
        assertThatThrownBy(() -> rows(Table.open(file)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("line 2 of " + file);
        Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        assertThatThrownBy(() -> Table.open(file))
                .hasMessageContaining("line 1")
                .hasMessageContaining("UTF-8");
        Files.writeString(file, "{\"a\":" + "[".repeat(100_000));
        assertThatThrownBy(() -> Table.open(file)).isInstanceOf(DatasetException.class);
    }

    @Test
    void whatCannotBeReadIsExplained() throws IOException {
        assertThatThrownBy(() -> Table.open(folder.resolve("missing")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("does not exist");
        Path parquet = Files.writeString(folder.resolve("a.parquet"), "PAR1....");
        assertThatThrownBy(() -> Table.open(parquet)).hasMessageContaining("it is not a Parquet file");
        Files.delete(parquet);
        Path text = Files.writeString(folder.resolve("a.txt"), "hello");
        assertThatThrownBy(() -> Table.open(text)).hasMessageContaining("neither");
        assertThatThrownBy(() -> Table.open(text, "train")).hasMessageContaining("no split");
        assertThatThrownBy(() -> Table.open(folder)).hasMessageContaining("state.json");
    }
}
