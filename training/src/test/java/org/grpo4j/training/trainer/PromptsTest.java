package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.datasets.Problem;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.DataSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptsTest {

    /** Writes the start token itself, as Llama's does, and knows one option. */
    private static final String TEMPLATE = """
            {{- bos_token }}
            {%- for m in messages %}({{ m.content }}){% endfor %}
            {%- if add_generation_prompt %}:{% endif %}
            {%- if short is defined and short %}#{% endif %}""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain                 | 1+2
            boxed                 | 1+2\\nPlease reason step by step, and put your final answer within \\boxed{}.
            question              | Question: 1+2\\nAnswer:
            say {problem} twice   | say 1+2 twice
            """)
    void templatesAreNamedOrWrittenOut(String template, String text) throws IOException {
        try (Tokenizer tokenizer = tokenizer("")) {
            Prompts prompts = new Prompts(tokenizer, data("prompt_template: '" + template + "'"));
            assertThat(prompts.text(problem())).isEqualTo(text.replace("\\n", "\n"));
        }
    }

    @Test
    void aPlainPromptIsEncodedWithTheStartToken() throws IOException {
        try (Tokenizer tokenizer = tokenizer(TEMPLATE)) {
            int[] ids = new Prompts(tokenizer, data("chat: false")).encode(problem());
            assertThat(ids).isEqualTo(tokenizer.encode("1+2", true));
        }
    }

    @Test
    void inAChatTheModelSeesTheTemplateAndRewardsThePrompt() throws IOException {
        try (Tokenizer tokenizer = tokenizer(TEMPLATE)) {
            Prompts prompts = new Prompts(
                    tokenizer,
                    data("prompt_template: '{problem}=', chat: true, system_prompt: '7', chat_options: {short: true}"));
            assertThat(prompts.text(problem())).isEqualTo("1+2=");
            int[] ids = prompts.encode(problem());
            assertThat(tokenizer.decode(ids, true)).isEqualTo("(7)(1+2=):#");
            assertThat(ids).startsWith(tokenizer.bosId().orElseThrow()).hasSize(12);
            assertThat(ids).containsOnlyOnce(tokenizer.bosId().orElseThrow());
        }
    }

    @Test
    void aDemonstrationFollowsTheGenerationPromptAndEnds() throws IOException {
        try (Tokenizer tokenizer = tokenizer(TEMPLATE)) {
            TokenExample example = new Prompts(tokenizer, data("chat: true, completion_template: '{answer}'"))
                    .demonstration(problem());
            assertThat(tokenizer.decode(example.prompt(), true)).isEqualTo("(1+2):");
            assertThat(tokenizer.decode(example.completion(), true)).isEqualTo("3");
            assertThat(example.completion()).endsWith(tokenizer.eosId().orElseThrow());
        }
    }

    @Test
    void aChatWithoutTemplateIsRefused() throws IOException {
        try (Tokenizer tokenizer = tokenizer("")) {
            assertThatThrownBy(() -> new Prompts(tokenizer, data("chat: true")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("The model has no chat template");
        }
    }

    private static Problem problem() {
        return new Problem("p", "1+2", List.of("3"), null);
    }

    private static DataSection data(String settings) {
        return ConfigLoader.parse("{path: x, " + settings + "}", "data", DataSection.class, List.of());
    }

    /** A tokenizer of characters, saved with a chat template unless that is empty, and loaded again. */
    private Tokenizer tokenizer(String template) throws IOException {
        try (Tokenizer made = CharacterTokenizer.of(" 0123456789+-*/=()<>,.:;?#\n")) {
            made.save(folder);
        }
        if (!template.isEmpty()) {
            Files.writeString(folder.resolve("chat_template.jinja"), template);
        }
        return Tokenizer.load(folder);
    }
}
