package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is Hugging Face's library, given the same file. */
class ByteLevelEncoderTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encodesLikeTheLibrary(boolean llama) throws IOException {
        requireSameIds(bytes(TinyTokenizers.pipeline(llama)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void encodesLikeTheLibraryWithARealVocabulary(String family) throws IOException {
        requireSameIds(Files.readAllBytes(RealTokenizers.folder(family).resolve("tokenizer.json")));
    }

    @Test
    void leavesOtherTextToTheLibrary() throws IOException {
        byte[] json = bytes(TinyTokenizers.pipeline(false));
        try (NativeTokenizer library = new NativeTokenizer(json)) {
            ByteLevelEncoder encoder = encoder(json, library).orElseThrow();
            // A mark, a letter beyond the plain ones, an s to (?i:'s), half a pair, a word too long to merge by the
            // square.
            for (String text :
                    List.of("e\u0301", "\u6f22", "'\u017f", "\ud83d", "a".repeat(BytePieces.MAX_BYTES + 1))) {
                assertThat(encoder.encode(text, false)).as(text).isNull();
            }
            assertThat(encoder.encode("a".repeat(100), false)).isEqualTo(library.encode("a".repeat(100), false));
        }
    }

    @Test
    void recognisesOnlyWhatItDoesInEveryPart() throws IOException {
        List<Consumer<ObjectNode>> changes = List.of(
                json -> ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/0/pattern")).put("Regex", "\\p{L}+"),
                json -> ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/0")).put("behavior", "Removed"),
                json -> ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/0")).put("invert", true),
                json -> ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/1")).put("add_prefix_space", true),
                json -> ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/1")).put("use_regex", true),
                json -> json.putObject("normalizer").put("type", "NFKC"),
                json -> json.putObject("normalizer").put("type", "Lowercase"),
                json -> ((ObjectNode) json.at("/added_tokens/0")).put("lstrip", true),
                json -> ((ObjectNode) json.at("/added_tokens/0")).put("normalized", true),
                json -> ((ObjectNode) json.at("/added_tokens/0")).put("content", "\u0120zoo"),
                json -> json.withObject("model").put("dropout", 0.5),
                json -> json.withObject("model").put("byte_fallback", true),
                json -> json.withObject("model").put("end_of_word_suffix", "</w>"));
        List<Integer> recognised = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            ObjectNode json = TinyTokenizers.pipeline(false);
            changes.get(i).accept(json);
            if (ByteLevelPipeline.recognise(bytes(json), vocabulary(bytes(json)).ids())
                    .isPresent()) {
                recognised.add(i);
            }
        }
        assertThat(recognised).as("changes that went unnoticed").isEmpty();
        byte[] unchanged = bytes(TinyTokenizers.pipeline(false));
        assertThat(ByteLevelPipeline.recognise(unchanged, vocabulary(unchanged).ids()))
                .isPresent();
    }

    private static void requireSameIds(byte[] json) throws IOException {
        try (NativeTokenizer library = new NativeTokenizer(json)) {
            ByteLevelEncoder encoder = encoder(json, library).orElseThrow();
            List<String> texts = new ArrayList<>(RandomTexts.plain(3, 4_000));
            texts.addAll(
                    List.of("", "<|end|>", " zebra zebra", "a<|end|>|  <|end|>\n", "<|end|", "THERE'LL be 1234567"));
            for (String text : texts) {
                assertThat(encoder.encode(text, false)).as(text).isEqualTo(library.encode(text, false));
                assertThat(encoder.encode(text, true)).as(text).isEqualTo(library.encode(text, true));
            }
        }
    }

    private static Optional<ByteLevelEncoder> encoder(byte[] json, NativeTokenizer library) {
        return ByteLevelEncoder.of(json, vocabulary(json), library);
    }

    private static TokenVocabulary vocabulary(byte[] json) {
        return TokenVocabulary.parse(json, null, "a test");
    }

    private static byte[] bytes(ObjectNode json) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsBytes(json);
    }
}
