package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.grpo4j.models.Fixtures.json;
import static org.grpo4j.models.Fixtures.shared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real vocabularies against what Hugging Face's tokenizers answer; see the README of the resources. */
class RealTokenizerTest {

    private static final Path RESOURCES = Path.of("src/test/resources/tokenizers");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Loading takes a second. */
    private static final Map<String, Tokenizer> LOADED = new HashMap<>();

    @AfterAll
    static void close() {
        LOADED.values().forEach(Tokenizer::close);
        LOADED.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void answersLikeTheReference(String family) throws IOException {
        Tokenizer tokenizer = tokenizer(family);
        List<JsonNode> cases = lines(family + ".jsonl");
        assertThat(cases).hasSize(156);
        for (JsonNode row : cases) {
            String text = row.get("text").textValue();
            String decoded = row.get("decoded").textValue();
            int[] ids = ids(row, "ids");
            assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
            assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids(row, "ids_special"));
            assertThat(tokenizer.decode(ids, false)).isEqualTo(decoded);
            assertThat(streamed(tokenizer, ids)).isEqualTo(decoded);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void decodesBrokenCharactersLikeTheReference(String family) throws IOException {
        Tokenizer tokenizer = tokenizer(family);
        int count = 0;
        for (JsonNode row : lines("decode.jsonl")) {
            if (row.get("family").textValue().equals(family)) {
                int[] ids = ids(row, "ids");
                String decoded = row.get("decoded").textValue();
                assertThat(tokenizer.decode(ids, false)).isEqualTo(decoded);
                assertThat(streamed(tokenizer, ids)).isEqualTo(decoded);
                count++;
            }
        }
        assertThat(count).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void randomTextsGetTheIdsOfTheReference(String family) throws IOException {
        Tokenizer tokenizer = tokenizer(family);
        requireDigest(tokenizer, family);
    }

    @Test
    void randomTextsGetTheIdsOfTheReferenceWithSentencePiece() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.load(shared("fixtures/stories260K"))) {
            requireDigest(tokenizer, "stories260K");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void textComesBack(String family) {
        Tokenizer tokenizer = tokenizer(family);
        for (String text : RandomTexts.of(21, 300)) {
            String decoded = tokenizer.decode(tokenizer.encode(text, false), false);
            if (family.startsWith("llama")) {
                assertThat(decoded).isEqualTo(text);
            } else if (text.codePoints().allMatch(Character::isDefined)) {
                // Qwen's form is NFC, by older tables than Java's: composed again, both are the same.
                assertThat(nfc(decoded)).isEqualTo(nfc(text));
            }
        }
    }

    @Test
    void addedTokensNeedNotBeSpecial() {
        Tokenizer tokenizer = tokenizer("qwen3");
        int think = tokenizer.idOf("<think>").orElseThrow();
        int end = tokenizer.idOf("<|im_end|>").orElseThrow();
        assertThat(tokenizer.encode("<think><|im_end|>", false)).containsExactly(think, end);
        assertThat(tokenizer.decode(new int[] {think, end}, false)).isEqualTo("<think><|im_end|>");
        assertThat(tokenizer.decode(new int[] {think, end}, true)).isEqualTo("<think>");
        assertThat(tokenizer.eosId()).hasValue(end);
        assertThat(tokenizer.padId()).isEqualTo(tokenizer.idOf("<|endoftext|>"));
        assertThat(tokenizer.bosId()).isEmpty();
        assertThat(tokenizer.vocabularySize()).isEqualTo(151_669);
    }

    private static Tokenizer tokenizer(String family) {
        return LOADED.computeIfAbsent(family, name -> Tokenizer.load(RealTokenizers.folder(name)));
    }

    private static void requireDigest(Tokenizer tokenizer, String family) {
        JsonNode expected = json(RESOURCES.resolve("random-digests.json")).get(family);
        StringBuilder lines = new StringBuilder();
        for (String text : RandomTexts.of(20, expected.get("count").intValue())) {
            String separator = "";
            for (int id : tokenizer.encode(text, false)) {
                lines.append(separator).append(id);
                separator = " ";
            }
            lines.append('\n');
        }
        assertThat(RealTokenizers.sha256(lines.toString().getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(expected.get("sha256").textValue());
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, new int[0], false);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.finish()).toString();
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(RESOURCES.resolve(file))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private static int[] ids(JsonNode row, String field) throws IOException {
        return JSON.treeToValue(row.get(field), int[].class);
    }
}
