package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    private Path folder;

    @Test
    void blankLinesAreSkippedButCounted() throws IOException {
        Path file = write("{\"text\":\"é\",\"ids\":[1,2]}\n\n{\"text\":null}\n".getBytes(StandardCharsets.UTF_8));
        List<JsonLine> lines = new ArrayList<>();
        JsonLines.forEach(file, lines::add);
        assertThat(lines).extracting(JsonLine::number).containsExactly(1, 3);
        assertThat(lines.get(0).text("text")).isEqualTo("é");
        assertThat(lines.get(0).ints("ids")).containsExactly(1, 2);
        assertThat(lines.get(1).optionalText("text")).isEmpty();
    }

    @Test
    void errorsNameTheLine() throws IOException {
        assertRefused("{\"ids\":[]}\n{\"text\":", ":2: not valid JSON");
        assertRefused("{} {}", ":1: not valid JSON");
        assertRefused("[1]", ":1: expected a JSON object, found array");
        assertRefused("{\"ids\":[1,\"a\"]}", ":1: \"ids\" must be a list of whole numbers, found \"a\"");
        assertRefused("{\"ids\":[1.5]}", "found 1.5");
        assertRefused("{}", ":1: \"ids\" must be a list");
        Path binary = write(new byte[] {'{', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> JsonLines.forEach(binary, line -> {}))
                .hasMessageContaining("not a text file in UTF-8");
        assertThatThrownBy(() -> JsonLines.forEach(folder, line -> {})).hasMessageContaining("found a folder");
    }

    private void assertRefused(String text, String message) throws IOException {
        Path file = write(text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> JsonLines.forEach(file, line -> line.ints("ids")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("in.jsonl"), bytes);
    }
}
