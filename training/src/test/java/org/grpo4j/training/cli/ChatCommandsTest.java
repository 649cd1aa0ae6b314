package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code chat}, and {@code generate --chat}. */
class ChatCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TEMPLATE = """
            {%- for m in messages %}<{{ m.role }}>{{ m.content + '\\n' }}{% endfor %}
            {%- if add_generation_prompt %}<assistant>{% endif %}
            {%- if enable_thinking is defined %}[{{ enable_thinking }}]{% endif %}
            {{- tools | tojson if tools else '' }}""";

    @TempDir
    Path folder;

    @Test
    void everyLineBecomesItsRenderedText() throws IOException {
        Cli run = chat(TEMPLATE, """
                {"messages": [{"role": "user", "content": "é 😀 {{ x }}"}], "add_generation_prompt": true}
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "tools": null}

                {"messages": [{"role": "user", "content": ""}], "enable_thinking": false, "tools": [{"n": 1.0}]}
                """);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> rendered =
                run.out().lines().map(ChatCommandsTest::rendered).toList();
        assertThat(rendered)
                .containsExactly(
                        "<user>é 😀 {{ x }}\n<assistant>", "<user>a\n<assistant>b\n", "<user>\n[False][{\"n\": 1.0}]");
    }

    @Test
    void whatCannotBeRenderedNamesFileAndLine() throws IOException {
        String good = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n";
        assertRefused(
                chat(TEMPLATE, good + "{\"messages\": [{\"role\": \"user\"}]}"),
                "input.jsonl:2: The chat template of",
                "line 1 cannot be rendered: 'dict object' has no attribute 'content'");
        assertRefused(chat(TEMPLATE, good + good + "{}"), "input.jsonl:3: messages must be a list");
        assertRefused(
                chat(TEMPLATE, "{\"messages\": [], \"add_generation_prompt\": 1}"),
                "input.jsonl:1: \"add_generation_prompt\" must be true or false, found 1");
        assertRefused(
                chat("a\n{% import 'x' as y %}", good),
                "line 2 cannot be rendered: the tag {% import %} is not supported");
        assertRefused(
                chat("{% if x %}", good),
                "line 1 cannot be rendered: the template ends where {% elif %} or {% else %}");
        assertRefused(
                chat("{{ raise_exception('Roles must alternate') }}", good),
                "line 1 refuses its input: Roles must alternate");
        assertRefused(chat("", good), "has no chat template");
    }

    @Test
    void generateAnswersInTheModelsOwnChat() throws IOException {
        Path model = folder.resolve("model");
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 1)) {
            policy.checkpoint().save(model, TensorType.F32);
        }
        Object[] plain = {"generate", "--model", model, "--prompt", "(7)(1+2):#", "--max-new-tokens", 12};
        Object[] chat = {
            "generate",
            "--model",
            model,
            "--prompt",
            "1+2",
            "--max-new-tokens",
            12,
            "--chat",
            "--system",
            "7",
            "--chat-option",
            "short=true"
        };
        assertRefused(Cli.run(chat), "has no chat template");
        assertRefused(
                Cli.run("generate", "--model", model, "--prompt", "1", "--no-thinking"),
                "--system, --no-thinking and --chat-option need --chat");
        Files.writeString(model.resolve("chat_template.jinja"), """
                {{- bos_token }}{% for m in messages %}({{ m.content }}){% endfor %}:{% if short is true %}#{% endif %}""");
        Cli answer = Cli.run(chat);
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).isEqualTo(Cli.run(plain).out());
    }

    private Cli chat(String template, String input) throws IOException {
        Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
        Files.deleteIfExists(tokenizer.resolve("chat_template.jinja"));
        if (!template.isEmpty()) {
            Files.writeString(tokenizer.resolve("chat_template.jinja"), template);
        }
        Path file = Files.writeString(folder.resolve("input.jsonl"), input);
        return Cli.run("chat", "--tokenizer", tokenizer, "--input", file);
    }

    private static void assertRefused(Cli run, String... sentences) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(sentences).startsWith("grpo4j: ");
        assertThat(run.err().lines()).hasSize(1);
    }

    private static String rendered(String line) {
        try {
            return JSON.readTree(line).path("rendered").textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
