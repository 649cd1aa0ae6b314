package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Qwen2, Llama 3, GPT-2, GPT-4o, DeepSeek V3, and a split before groups of three digits.
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|\\s+(?!\\S)|\\s+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+",
                "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?:\\P{N}|$))",
                "[\\s\\S]",
                " {2,}",
                "\\s+",
                "(?:ab)+",
                "a*?b",
                "a++"
            })
    void publishedPatternsAreAllowed(String pattern) {
        assertThat(PatternRules.fault(pattern, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|a)+$",
                "(a?a)*b",
                "a*a*a*b",
                ".*.*\\x{0}",
                "a*?.*b*c",
                "(?=a*a*b)c",
                "(?:a{1,3})+$",
                "(a{900}){900}",
                "a{900,2000}",
                "(?:x|)+",
                "(a)\\1",
                "(?<name>a)",
                "(?#x)a",
                "a**",
                "a+++",
                "*a",
                "[a",
                "(a",
                "a)",
                "a\\",
                "\\p{L",
                "a{x}"
            })
    void whatMayTakeForEverOrIsNotKnownIsRefused(String pattern) {
        assertThat(PatternRules.fault(pattern, false)).isNotEmpty();
    }

    @Test
    void nestingAndLengthAreBounded() {
        assertThat(PatternRules.fault("(".repeat(500) + "a" + ")".repeat(500), false))
                .contains("deeper");
        assertThat(PatternRules.fault("a".repeat(5_000), false)).contains("longer");
        assertThat(PatternRules.fault("[".repeat(30) + "]".repeat(30), false)).contains("brackets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "^", "$", "\\b", "(?=a)", "a|", "a?", "a{0,3}", "(?:a*)", "a*|b"})
    void aReplacementMustTakeACharacter(String pattern) {
        assertThat(PatternRules.fault(pattern, true)).contains("no character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a+", "^a", "(?=a)a", "a|b+", "a{2}", " {2,}", "(?:a|b)c?"})
    void onesThatDoAreAllowed(String pattern) {
        assertThat(PatternRules.fault(pattern, true)).isEmpty();
    }
}
