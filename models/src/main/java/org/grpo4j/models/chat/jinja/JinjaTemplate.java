package org.grpo4j.models.chat.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;

/** A parsed template. May be rendered by several threads at once. */
public final class JinjaTemplate {

    private final String source;
    private final Statement.Body body;

    private JinjaTemplate(String source, Statement.Body body) {
        this.source = source;
        this.body = body;
    }

    /**
     * Parses a template.
     *
     * @param source what the template is, for messages, such as {@code "The chat template of models/qwen"}
     * @throws InputException if it breaks the rules of the language or has a tag that is not covered; names the line
     */
    public static JinjaTemplate parse(String source, String template) {
        try {
            return new JinjaTemplate(source, StatementParser.parse(template));
        } catch (TemplateException e) {
            throw error(source, e);
        }
    }

    /**
     * The text that the template makes.
     *
     * @param variables given to it, as JSON
     * @param clock of {@code strftime_now}
     * @throws InputException if the template refuses its input, needs something that is missing or not covered, or takes
     *     too much time or memory; names the line
     */
    public String render(Map<String, JsonNode> variables, Clock clock) {
        Map<String, Object> values = new HashMap<>(Globals.all());
        variables.forEach((name, value) -> values.put(name, value(value)));
        try {
            return new Renderer(new Rendering(new Budget(), clock)).text(body, Scope.of(values));
        } catch (TemplateException e) {
            throw error(source, e);
        } catch (StackOverflowError e) {
            throw new InputException(source + " cannot be rendered: it nests too deeply.", e);
        }
    }

    private static InputException error(String source, TemplateException e) {
        String line = e.line() > 0 ? ", line " + e.line() : "";
        String verb = e.raised() ? " refuses its input: " : " cannot be rendered: ";
        return new InputException(source + line + verb + e.getMessage(), e);
    }

    private static Object value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isIntegralNumber()) {
            return Numbers.bounded(node.bigIntegerValue());
        } else if (node.isNumber()) {
            return node.doubleValue();
        } else if (node.isArray()) {
            List<Object> items = new ArrayList<>(node.size());
            node.forEach(item -> items.add(value(item)));
            return Items.list(items);
        } else if (node.isObject()) {
            Dict dict = new Dict();
            node.properties().forEach(entry -> dict.put(entry.getKey(), value(entry.getValue())));
            return dict;
        }
        return None.NONE;
    }
}
