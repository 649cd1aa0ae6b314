package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.chat.ChatTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j chat}. */
@Command(
        name = "chat",
        description = "Conversations as the text of a checkpoint's own chat template.",
        footer = {
            "",
            "Reads {\"messages\",\"add_generation_prompt\"} lines and writes {\"rendered\"} lines. Every other key of a"
                    + " line, such as tools, enable_thinking or date_string, is a variable of the template; null counts"
                    + " as not given."
        })
final class ChatCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGES = "messages";
    private static final String GENERATION_PROMPT = "add_generation_prompt";

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "DIR",
            description = "A folder with tokenizer_config.json or chat_template.jinja, such as a checkpoint.")
    private Path folder;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with conversations; - is standard input.")
    private Path input;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        Path model = ModelFolder.of(folder);
        ChatTemplate template = ChatTemplate.load(model).orElseThrow(() -> ChatTemplate.missing(model.toString()));
        output.write(out -> JsonLines.forEach(input, line -> {
            String rendered = render(template, line);
            out.write(JSON.writeValueAsString(JSON.createObjectNode().put("rendered", rendered)) + "\n");
        }));
        return 0;
    }

    private static String render(ChatTemplate template, JsonLine line) {
        JsonNode prompt = line.node().path(GENERATION_PROMPT);
        if (!prompt.isBoolean() && !prompt.isMissingNode() && !prompt.isNull()) {
            throw line.error("\"" + GENERATION_PROMPT + "\" must be true or false, found " + prompt);
        }
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        line.node().properties().forEach(entry -> {
            boolean argument = entry.getKey().equals(MESSAGES) || entry.getKey().equals(GENERATION_PROMPT);
            if (!argument && !entry.getValue().isNull()) {
                variables.put(entry.getKey(), entry.getValue());
            }
        });
        try {
            return template.render(line.node().path(MESSAGES), prompt.booleanValue(), variables);
        } catch (InputException e) {
            throw new InputException(line.source() + ":" + line.number() + ": " + e.getMessage(), e);
        }
    }
}
