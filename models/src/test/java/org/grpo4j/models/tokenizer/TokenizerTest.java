package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.grpo4j.models.Fixtures.json;
import static org.grpo4j.models.Fixtures.shared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    private static final String CHARACTERS = "0123456789+-*/=() \n\tabcdefgäß漢😀";

    @TempDir
    Path folder;

    @Test
    void charactersRoundTrip() {
        try (Tokenizer tokenizer = CharacterTokenizer.of(CHARACTERS)) {
            String text = "  12+(3*4)\n\n= ä漢😀 \tß ";
            int[] ids = tokenizer.encode(text, false);
            assertThat(ids).hasSize(text.codePointCount(0, text.length()));
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            for (int codePoint : CHARACTERS.codePoints().toArray()) {
                String character = Character.toString(codePoint);
                int[] id = tokenizer.encode(character, false);
                assertThat(id).as(character).hasSize(1);
                assertThat(tokenizer.decode(id, false)).isEqualTo(character);
            }
            assertThat(tokenizer.encode("", false)).isEmpty();
            assertThat(tokenizer.decode(new int[0], false)).isEmpty();
        }
    }

    @Test
    void characterTokenizerHasItsSpecialIds() {
        try (Tokenizer tokenizer = CharacterTokenizer.of(CHARACTERS)) {
            assertThat(tokenizer.padId()).hasValue(0);
            assertThat(tokenizer.bosId()).hasValue(1);
            assertThat(tokenizer.eosId()).hasValue(2);
            assertThat(tokenizer.idOf("漢")).isPresent();
            assertThat(tokenizer.idOf("X")).isEmpty();
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(4 + (int) CHARACTERS.codePoints().count());
            assertThat(tokenizer.encode("7</s>", true))
                    .containsExactly(1, tokenizer.idOf("7").getAsInt(), 2);
            assertThat(tokenizer.decode(new int[] {1, 4, 2, 0}, true)).isEqualTo("0");
            assertThat(tokenizer.decode(new int[] {1, 4, 2, 0}, false)).isEqualTo("<s>0</s><pad>");
            assertThat(tokenizer.encode("X", false)).containsExactly(3);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CharacterTokenizer.of(""));
    }

    @Test
    void savedFilesLoadToTheSameTokenizer() throws IOException {
        try (Tokenizer made = CharacterTokenizer.of(CHARACTERS)) {
            made.save(folder);
            try (Tokenizer loaded = Tokenizer.load(folder)) {
                String text = "(1+2)\n= 3";
                assertThat(loaded.encode(text, true)).isEqualTo(made.encode(text, true));
                assertThat(loaded.files().keySet()).isEqualTo(made.files().keySet());
                assertThat(loaded.vocabularySize()).isEqualTo(made.vocabularySize());
            }
        }
    }

    @Test
    void truncationAndPaddingOfTheFileAreIgnored() throws IOException {
        try (Tokenizer made = CharacterTokenizer.of(CHARACTERS)) {
            made.save(folder);
        }
        Path file = folder.resolve("tokenizer.json");
        String text = Files.readString(file)
                .replace(
                        "\"truncation\" : null",
                        "\"truncation\": {\"direction\":\"Right\",\"max_length\":3,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replace(
                        "\"padding\" : null",
                        "\"padding\": {\"strategy\":{\"Fixed\":20},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<pad>\"}");
        assertThat(text).contains("max_length").contains("Fixed");
        Files.writeString(file, text);
        try (Tokenizer loaded = Tokenizer.load(folder)) {
            assertThat(loaded.encode("1234567890", false)).hasSize(10);
            // The library's own default limit is 512.
            assertThat(loaded.encode("1".repeat(5000), false)).hasSize(5000);
        }
    }

    @Test
    void loneSurrogatesAndStrangeIdsDoNoHarm() {
        try (Tokenizer tokenizer = CharacterTokenizer.of(CHARACTERS + "\ufffd")) {
            int[] ids = tokenizer.encode("a\ud800b\udc00", false);
            assertThat(tokenizer.decode(ids, false)).isEqualTo("a\ufffdb\ufffd");
            assertThat(tokenizer.decode(new int[] {4, 1_000_000}, false)).isEqualTo("0");
            assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.decode(new int[] {-1}, false));
            assertThat(tokenizer.encode("a\0b", false)).hasSize(3);
        }
    }

    @Test
    void refusesWhatIsNoTokenizer() throws IOException {
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no tokenizer.json in " + folder);
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 3");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not valid JSON");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Oracle\", \"vocab\": {}}}");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not understood");
    }

    @Test
    void answersLikeTheReferenceOnARealModel() throws IOException {
        Path stories = shared("fixtures/stories260K");
        try (Tokenizer tokenizer = Tokenizer.load(stories)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(512);
            assertThat(tokenizer.bosId()).hasValue(1);
            assertThat(tokenizer.eosId()).hasValue(2);
            assertThat(tokenizer.padId()).isEmpty();
            JsonNode cases = json(stories.resolve("expected.json")).get("tokenizer");
            assertThat(cases).hasSize(36);
            for (JsonNode example : cases) {
                String text = example.get("text").textValue();
                int[] ids = new ObjectMapper().treeToValue(example.get("ids"), int[].class);
                assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(example.get("decoded").textValue());
                assertThat(streamed(tokenizer, ids))
                        .isEqualTo(example.get("decoded").textValue());
            }
        }
    }

    @Test
    void streamedTextNeverHoldsHalfACharacter() {
        Path stories = shared("fixtures/stories260K");
        try (Tokenizer tokenizer = Tokenizer.load(stories)) {
            // This vocabulary spells the characters beyond ASCII in bytes, one token each.
            int[] prompt = tokenizer.encode("Once", true);
            int[] all = tokenizer.encode("Once 漢 upon 😀!", true);
            assertThat(all).startsWith(prompt);
            StreamingDecoder decoder = new StreamingDecoder(tokenizer, prompt, true);
            StringBuilder text = new StringBuilder();
            for (int i = prompt.length; i < all.length; i++) {
                String piece = decoder.accept(all[i]);
                assertThat(piece).doesNotContain("\ufffd");
                text.append(piece);
            }
            assertThat(text.append(decoder.finish())).hasToString(" 漢 upon 😀!");

            decoder.accept(tokenizer.idOf("<0xF0>").getAsInt());
            assertThat(decoder.finish()).isEqualTo("\ufffd");
            assertThat(decoder.finish()).isEmpty();
        }
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, new int[0], false);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.finish()).toString();
    }
}
