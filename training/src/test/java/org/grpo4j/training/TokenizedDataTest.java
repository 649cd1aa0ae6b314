package org.grpo4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.grpo4j.datasets.table.RowReader;
import org.grpo4j.datasets.table.Table;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every text of the shared data sets, once, gets the ids of Hugging Face's own tokenizer: the Python package
 * {@code tokenizers} 0.23.2 made the digests, over the ids of a text separated by spaces and a line feed after each text.
 */
class TokenizedDataTest {

    private static final Path SHARED = Path.of(System.getProperty("grpo4j.shared", "../../shared"));

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2", "stories260K"})
    void allTextsGetTheIdsOfTheReference(String family) throws Exception {
        Path folder = folder(family);
        assumeTrue(
                Files.isRegularFile(folder.resolve("tokenizer.json")),
                () -> "skipped: there is no tokenizer.json in "
                        + folder.toAbsolutePath().normalize() + "; scripts/fetch-tokenizers.sh fetches real ones");
        Collection<String> texts = texts();
        JsonNode expected = new ObjectMapper()
                .readTree(Path.of("src/test/resources/tokenizers/data-digests.json")
                        .toFile())
                .get(family);
        assertThat(texts).hasSize(expected.get("count").intValue());
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long tokens = 0;
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            for (String text : texts) {
                int[] ids = tokenizer.encode(text, false);
                tokens += ids.length;
                digest.update(line(ids).getBytes(StandardCharsets.US_ASCII));
                assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            }
        }
        assertThat(tokens).isEqualTo(expected.get("tokens").longValue());
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(expected.get("sha256").textValue());
    }

    private static Path folder(String family) {
        if (family.equals("stories260K")) {
            return SHARED.resolve("fixtures/stories260K");
        }
        String inherited = System.getenv("GRPO4J_TOKENIZERS");
        return Path.of(System.getProperty("grpo4j.tokenizers", inherited == null ? "../.tokenizers" : inherited))
                .resolve(family);
    }

    private static String line(int[] ids) {
        StringBuilder line = new StringBuilder();
        for (int id : ids) {
            line.append(line.isEmpty() ? "" : " ").append(id);
        }
        return line.append('\n').toString();
    }

    /** By file, row, column and entry, the first of equal ones. */
    private static Set<String> texts() throws IOException {
        Path data = SHARED.resolve("data");
        assumeTrue(Files.isDirectory(data), () -> "skipped: there is no " + data);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(data)) {
            files = walk.filter(file -> file.toString().endsWith(".arrow") || file.endsWith("test.jsonl"))
                    .sorted()
                    .toList();
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Path file : files) {
            try (RowReader rows = Table.open(file).rows()) {
                for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
                    row.values().forEach(value -> add(value, texts));
                }
            }
        }
        return texts;
    }

    private static void add(Object value, Set<String> texts) {
        if (value instanceof List<?> list) {
            list.forEach(entry -> add(entry, texts));
        } else if (value instanceof String text) {
            texts.add(text);
        }
    }
}
