package org.grpo4j.training.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.chat.ChatTemplate;
import org.grpo4j.training.eval.PromptEncoder;
import org.grpo4j.training.trainer.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a prompt becomes the turn of a chat, as a {@link Mixin}. */
final class ChatOptions {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Option(names = "--chat", description = "Put the prompt into the model's own chat template as the user's turn.")
    private boolean chat;

    @Option(names = "--system", paramLabel = "TEXT", description = "System turn before it; needs --chat.")
    private @Nullable String system;

    @Option(
            names = "--no-thinking",
            description = "Same as --chat-option enable_thinking=false, which Qwen3's template reads; needs --chat.")
    private boolean noThinking;

    @Option(
            names = "--chat-option",
            paramLabel = "KEY=VALUE",
            description = "Variable of the chat template, as JSON or else as text; may be repeated; needs --chat.")
    private Map<String, String> options = new LinkedHashMap<>();

    /**
     * How prompts become ids.
     *
     * @param model where the policy came from, for messages
     * @param clock for templates that write the date
     * @throws InputException if there is no chat template, or options of a chat come without {@code --chat}
     */
    PromptEncoder encoder(Policy policy, Path model, Clock clock) {
        if (!chat) {
            if (system != null || noThinking || !options.isEmpty()) {
                throw new InputException("--system, --no-thinking and --chat-option need --chat");
            }
            return PromptEncoder.plain(policy.tokenizer());
        }
        Map<String, byte[]> files = policy.checkpoint().companions().contents();
        ChatTemplate template = ChatTemplate.of(files, model.toString(), clock)
                .orElseThrow(() -> ChatTemplate.missing(model.toString()));
        // The template writes the start token itself.
        return prompt ->
                policy.tokenizer().encode(template.prompt(prompt, Optional.ofNullable(system), variables()), false);
    }

    /** What the template is given beside the prompt, to be written down; null without {@code --chat}. */
    @Nullable
    Map<String, @Nullable Object> settings() {
        if (!chat) {
            return null;
        }
        Map<String, @Nullable Object> settings = new LinkedHashMap<>();
        settings.put("system", system);
        settings.put("options", variables());
        return settings;
    }

    private Map<String, JsonNode> variables() {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        options.forEach((key, value) -> variables.put(key, value(value)));
        if (noThinking) {
            variables.put("enable_thinking", BooleanNode.FALSE);
        }
        return variables;
    }

    private static JsonNode value(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }
}
