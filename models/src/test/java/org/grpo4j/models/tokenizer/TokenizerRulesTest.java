package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these ended the process, or kept it for ever, before it was refused; so they only ever meet the rules. */
class TokenizerRulesTest {

    private static final String MODEL =
            "'model': {'type': 'WordLevel', 'vocab': {'a': 0, '<s>': 1, 'u': 2}, 'unk_token': 'u'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'} | Precompiled",
                "'normalizer': {'precompiled_charsmap': 'AAAA'} | normalizer without a type",
                "'normalizer': {'type': 'Replace', 'pattern': {'Regex': ''}, 'content': 'x'} | no character",
                "'normalizer': {'type': 'Replace', 'pattern': {'String': ''}, 'content': 'x'} | empty pattern",
                "'normalizer': {'type': 'Prepend', 'prepend': ''} | Prepend of nothing",
                "'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'Prepend', 'prepend': ''}]} | Prepend of nothing",
                "'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '(a+)+$'}, 'behavior': 'Isolated', 'invert': false} | several ways",
                "'decoder': {'type': 'Strip', 'content': ' ', 'start': 0, 'stop': 1} | stop other than 0",
                "'decoder': {'type': 'Sequence', 'decoders': [{'type': 'Fuse', 'x': 1e999}]} | too large",
                "'post_processor': {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<x>', 'type_id': 0}}], 'pair': [], 'special_tokens': {}} | not among its special_tokens",
                "'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'pair': [], 'special_tokens': {}} | asks for the sequence",
                "'post_processor': {'type': 'TemplateProcessing', 'single': [], 'pair': [], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [1], 'tokens': []}}} | contradicts itself",
                "'post_processor': {'type': 'TemplateProcessing', 'single': [], 'pair': [], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [2147483648], 'tokens': ['<s>']}}} | does not have",
                "'post_processor': {'type': 'BertProcessing', 'sep': ['<s>', 3], 'cls': ['a', 0]} | as the id 3",
                "'normalizer': {'type': 'NFC'}, 'normalizer': {'type': 'NFC', 'type': 'Precompiled'} | Duplicate"
            })
    void whatTheLibraryPanicsAtIsRefused(String part, String message) {
        assertRefused(("{'version': '1.0', " + part + ", " + MODEL + "}").replace('\'', '"'), message);
    }

    @Test
    void nestingIsBounded() {
        String nested = "{\"type\":\"Sequence\",\"normalizers\":[".repeat(70) + "]}".repeat(70);
        assertRefused("{\"normalizer\": " + nested + ", " + MODEL.replace('\'', '"') + "}", "nesting depth");
    }

    @Test
    void aTextMustNotGrowWithoutBound() {
        String step = "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":false},";
        String steps = step.repeat(29) + step.substring(0, step.length() - 1);
        assertRefused(
                "{\"pre_tokenizer\": {\"type\":\"Sequence\",\"pretokenizers\":[" + steps + "]}, "
                        + MODEL.replace('\'', '"') + "}",
                "times as long");
    }

    @Test
    void mergesBehindAPrefixAreRefused() {
        assertRefused(
                "{\"model\": {\"type\":\"BPE\",\"continuing_subword_prefix\":\"####\",\"vocab\":{\"a\":0,\"aa\":1},"
                        + "\"merges\":[\"a a\"]}}",
                "continuing_subword_prefix");
    }

    @Test
    void longTokensAreRefused() {
        assertRefused(
                "{\"model\": {\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"" + "x".repeat(20_000) + "\", 0.0]]}}",
                "20000 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zebra", "a b"})
    void aVocabularyWithoutItsUnknownTokenIsToldWhenATextNeedsIt(String text) {
        String json = "{\"model\": {\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"u\"}}";
        try (Tokenizer tokenizer = tokenizer("{\"version\": \"1.0\", " + json.substring(1))) {
            assertThat(tokenizer.encode("a", false)).containsExactly(0);
            assertThatThrownBy(() -> tokenizer.encode(text, false))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("tokenizer.json in here cannot be used for this text");
        }
    }

    private static void assertRefused(String json, String message) {
        assertThatThrownBy(() -> tokenizer(json))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer.json in here")
                .hasMessageContaining(message);
    }

    private static Tokenizer tokenizer(String json) {
        return Tokenizer.of(Map.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8)), "here");
    }
}
