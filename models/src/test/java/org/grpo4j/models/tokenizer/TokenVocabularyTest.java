package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenVocabularyTest {

    private static final String TOKENIZER = "{\"added_tokens\": [{\"id\": 2, \"content\": \"<end>\"}],"
            + " \"model\": {\"merges\": [[\"a\", \"b\"]], \"vocab\": {\"a\": 0, \"b\": 1, \"<start>\": 7}}}";

    @Test
    void namesComeAsTextOrAsObject() {
        TokenVocabulary vocabulary = parse("{\"bos_token\": \"<start>\", \"eos_token\": {\"content\": \"<end>\","
                + " \"lstrip\": false, \"special\": true}, \"pad_token\": null}");
        assertThat(vocabulary.bosId()).hasValue(7);
        assertThat(vocabulary.eosId()).hasValue(2);
        assertThat(vocabulary.padId()).isEmpty();
        assertThat(vocabulary.idOf("b")).hasValue(1);
        assertThat(vocabulary.idOf("c")).isEmpty();
        assertThat(vocabulary.size()).isEqualTo(8);
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> parse("{\"eos_token\": \"<stop>\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("names \"<stop>\" as eos_token");
    }

    @Test
    void tokensThatOnlyTheConfigAddsAreRefused() {
        assertThat(parse("{\"added_tokens_decoder\": {\"2\": {\"content\": \"<end>\"}}}")
                        .size())
                .isEqualTo(8);
        assertThatThrownBy(() -> parse("{\"added_tokens_decoder\": {\"8\": {\"content\": \"<tool>\"}}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adds \"<tool>\" as token 8, tokenizer.json does not add it. Load the folder");
        assertThatThrownBy(() -> parse("{\"added_tokens_decoder\": {\"3\": {\"content\": \"<end>\"}}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adds \"<end>\" as token 3, tokenizer.json as token 2.");
        // In the vocabulary, yet not found where it is spelled out in a text.
        assertThatThrownBy(() -> parse("{\"added_tokens_decoder\": {\"7\": {\"content\": \"<start>\"}}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not add it");
    }

    private static TokenVocabulary parse(String config) {
        return TokenVocabulary.parse(
                TOKENIZER.getBytes(StandardCharsets.UTF_8), config.getBytes(StandardCharsets.UTF_8), "a test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1 | the id -1",
                "2147483647 | none above",
                "4294967296 | none above",
                "1.5 | whole numbers",
                "null | whole numbers",
                "[0] | whole numbers"
            })
    void idsSizeTablesAndAreBounded(String id, String message) {
        String json = "{\"model\": {\"vocab\": {\"a\": " + id + "}}}";
        assertThatThrownBy(() -> TokenVocabulary.parse(json.getBytes(StandardCharsets.UTF_8), null, "here"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("gives the token \"a\"")
                .hasMessageContaining(message);
        String added = "{\"added_tokens\": [{\"content\": \"a\", \"id\": " + id + "}]}";
        assertThatThrownBy(() -> TokenVocabulary.parse(added.getBytes(StandardCharsets.UTF_8), null, "here"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("gives the token \"a\"");
    }

    @Test
    void damageIsToldInOneLine() {
        assertThatThrownBy(
                        () -> TokenVocabulary.parse("{\"model\": nul}".getBytes(StandardCharsets.UTF_8), null, "here"))
                .isInstanceOf(InputException.class)
                .hasMessageNotContaining("Source")
                .hasMessageContaining("tokenizer.json in here is not valid JSON");
    }
}
