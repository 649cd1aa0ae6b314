package org.grpo4j.models.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.chat.jinja.JinjaTemplate;

/**
 * The chat template of a checkpoint: turns messages into the text of a prompt. That text holds the special tokens,
 * often the start token too, so it must be encoded without adding any. May be used by several threads at once.
 */
public final class ChatTemplate {

    private static final String DEFAULT = "default";
    private static final String WITH_TOOLS = "tool_use";

    private final String where;
    private final TemplateFiles files;
    private final Clock clock;
    private final Map<String, JinjaTemplate> parsed = new ConcurrentHashMap<>();

    private ChatTemplate(String where, TemplateFiles files, Clock clock) {
        this.where = where;
        this.files = files;
        this.clock = clock;
    }

    /**
     * The template of a checkpoint or tokenizer folder, if it has one.
     *
     * @throws InputException if a file that should hold it cannot be read
     */
    public static Optional<ChatTemplate> load(Path folder) {
        Map<String, byte[]> contents = new HashMap<>();
        for (String name : TemplateFiles.NAMES) {
            Path file = folder.resolve(name);
            try {
                if (Files.isRegularFile(file)) {
                    contents.put(name, Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new InputException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return of(contents, folder.toString(), Clock.systemDefaultZone());
    }

    /**
     * The template among the files of a checkpoint, if there is one.
     *
     * @param contents of the files by name
     * @param where the files come from, for messages
     * @param clock that tells a template today's date
     */
    public static Optional<ChatTemplate> of(Map<String, byte[]> contents, String where, Clock clock) {
        TemplateFiles files = TemplateFiles.read(contents, where);
        return files.templates().isEmpty() ? Optional.empty() : Optional.of(new ChatTemplate(where, files, clock));
    }

    /** The clear refusal for a checkpoint without template. */
    public static InputException missing(String where) {
        return new InputException(where + " has no chat template (no chat_template.jinja, and no chat_template in"
                + " tokenizer_config.json): it is no chat model, so give it a plain prompt.");
    }

    /**
     * Text of a conversation of one user turn, before the answer.
     *
     * @param system text of the system turn; empty for none
     * @param options further variables of the template, such as {@code enable_thinking}
     */
    public String prompt(String user, Optional<String> system, Map<String, JsonNode> options) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        var messages = json.arrayNode();
        system.ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
        messages.addObject().put("role", "user").put("content", user);
        return render(messages, true, options);
    }

    /**
     * Text of a conversation.
     *
     * @param messages list of objects, each with {@code role}, {@code content} and whatever else the template reads
     * @param addGenerationPrompt whether to end with the opening of an assistant turn
     * @param options further variables of the template; {@code tools} is one, and brings in a template for them if there
     *     is a special one
     * @throws InputException if the messages are no list of objects, or the template cannot be rendered with them
     */
    public String render(JsonNode messages, boolean addGenerationPrompt, Map<String, JsonNode> options) {
        requireMessages(messages);
        JsonNodeFactory json = JsonNodeFactory.instance;
        Map<String, JsonNode> variables = new LinkedHashMap<>(files.specialTokens());
        variables.put("tools", json.nullNode());
        variables.put("documents", json.nullNode());
        variables.putAll(options);
        variables.put("messages", messages);
        variables.put("add_generation_prompt", json.booleanNode(addGenerationPrompt));
        JsonNode tools = variables.get("tools");
        return template(tools != null && !tools.isNull()).render(variables, clock);
    }

    private static void requireMessages(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw new InputException("messages must be a list of at least one object with role and content");
        }
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).isObject()) {
                throw new InputException(
                        "messages[" + i + "] must be an object with role and content, found " + messages.get(i));
            }
        }
    }

    private JinjaTemplate template(boolean tools) {
        Map<String, String> templates = files.templates();
        String name = tools && templates.containsKey(WITH_TOOLS) ? WITH_TOOLS : DEFAULT;
        String text = templates.get(name);
        if (text == null) {
            throw new InputException("The checkpoint " + where + " has several chat templates ("
                    + String.join(", ", List.copyOf(templates.keySet())) + ") but none called default.");
        }
        return parsed.computeIfAbsent(name, key -> JinjaTemplate.parse("The chat template of " + where, text));
    }
}
