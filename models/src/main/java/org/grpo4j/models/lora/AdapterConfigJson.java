package org.grpo4j.models.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.config.DecoderConfig;

/**
 * PEFT's {@code adapter_config.json}. What this library does not compute is refused by name; what has no bearing on the
 * numbers is ignored.
 *
 * @param config the settings
 * @param base what the file calls the base model: a folder or a name on the hub; empty if it does not say
 */
record AdapterConfigJson(LoraConfig config, String base) {

    /** Far beyond what names modules; Java's compiler of expressions recurses into their nesting. */
    private static final int LONGEST_PATTERN = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Initialisations that take something off the base model's weights, so that the adapter does not fit the base alone. */
    private static final Pattern CHANGES_THE_BASE = Pattern.compile("(pissa|olora|corda|loftq|lora_ga).*");

    /** Fields that change the arithmetic or the set of trained parameters unless they are null, false or empty. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "use_qalora",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "fan_in_fan_out",
            "lora_bias",
            "modules_to_save",
            "layers_to_transform",
            "layers_pattern",
            "layer_replication",
            "rank_pattern",
            "alpha_pattern",
            "exclude_modules",
            "target_parameters",
            "trainable_token_indices");

    /** @param model that the adapter belongs to, whose projections its targets are looked up among */
    static AdapterConfigJson read(Path file, DecoderConfig model) {
        JsonNode root = readTree(file);
        try {
            return parse(root, model);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** What the file calls the base model; empty if it does not say. */
    static String readBase(Path file) {
        return base(readTree(file));
    }

    private static JsonNode readTree(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new InputException(file + " cannot be read as JSON: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return String.valueOf(e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
    }

    private static String base(JsonNode root) {
        return root.path("base_model_name_or_path").isTextual()
                ? root.path("base_model_name_or_path").asText()
                : "";
    }

    private static AdapterConfigJson parse(JsonNode root, DecoderConfig model) {
        String type = root.path("peft_type").asText();
        if (!type.equals("LORA")) {
            throw new InputException(
                    "peft_type is " + (type.isEmpty() ? "missing" : type) + "; only LORA is supported.");
        }
        for (String field : UNSUPPORTED) {
            if (isSet(root.path(field))) {
                throw new InputException(field + " is " + root.path(field)
                        + ", which is not supported; merge the adapter with PEFT and use the merged model.");
            }
        }
        String bias = root.path("bias").asText("none");
        if (!bias.equals("none")) {
            throw new InputException("bias is " + bias + "; only none is supported.");
        }
        String start = root.path("init_lora_weights").asText();
        if (CHANGES_THE_BASE.matcher(start).matches()) {
            throw new InputException(
                    "init_lora_weights is " + start
                            + ", which changed the base model's weights too; save the adapter converted to plain LoRA with PEFT.");
        }
        if (!root.path("r").isInt()) {
            throw new InputException("r is " + root.path("r") + "; it must be the rank, a whole number.");
        }
        int rank = root.path("r").intValue();
        LoraConfig config = new LoraConfig(
                rank,
                number(root, "lora_alpha", 8),
                number(root, "lora_dropout", 0),
                targets(root.path("target_modules"), model),
                root.path("use_rslora").asBoolean());
        return new AdapterConfigJson(config, base(root));
    }

    private static boolean isSet(JsonNode value) {
        boolean empty = value.isContainerNode() && value.isEmpty();
        boolean no = value.isBoolean() && !value.booleanValue();
        return !value.isMissingNode() && !value.isNull() && !empty && !no;
    }

    private static double number(JsonNode root, String field, double otherwise) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new InputException(field + " is " + value + "; it must be a number.");
        }
        return value.doubleValue();
    }

    /** A list of names or ends of names, a regular expression that a whole name must match, or {@code all-linear}. */
    private static Set<String> targets(JsonNode value, DecoderConfig model) {
        List<String> targets = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(target -> targets.add(target.asText()));
        } else if (value.asText().equals("all-linear")) {
            targets.add("all-linear");
        } else if (value.isTextual()) {
            Pattern pattern = pattern(value.asText());
            BoundedText.Steps steps = new BoundedText.Steps();
            LoraConfig.allProjections(model).stream()
                    .filter(name ->
                            pattern.matcher(new BoundedText(name, steps)).matches())
                    .forEach(targets::add);
        }
        if (targets.isEmpty()) {
            throw new InputException("target_modules is " + value + ", which names no projection; choose some of "
                    + LoraConfig.PROJECTIONS + ".");
        }
        return LoraConfig.resolve(targets, model);
    }

    private static Pattern pattern(String text) {
        if (text.length() > LONGEST_PATTERN) {
            throw new InputException("target_modules is a regular expression of " + text.length()
                    + " characters; at most " + LONGEST_PATTERN + " are read, list the modules instead.");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new InputException("target_modules is no regular expression: " + e.getDescription() + ".", e);
        }
    }

    /** The file's text, with the keys that PEFT writes, in its order. */
    static String toJson(LoraConfig config, String base) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("alpha_pattern");
        root.putNull("auto_mapping");
        root.put("base_model_name_or_path", base.isEmpty() ? null : base);
        root.put("bias", "none");
        root.put("fan_in_fan_out", false);
        root.put("inference_mode", true);
        root.put("init_lora_weights", true);
        root.putNull("layer_replication");
        root.putNull("layers_pattern");
        root.putNull("layers_to_transform");
        root.putObject("loftq_config");
        if (config.alpha() == Math.rint(config.alpha())) {
            root.put("lora_alpha", (long) config.alpha());
        } else {
            root.put("lora_alpha", config.alpha());
        }
        root.put("lora_dropout", config.dropout());
        root.putNull("megatron_config");
        root.put("megatron_core", "megatron.core");
        root.putNull("modules_to_save");
        root.put("peft_type", "LORA");
        root.put("r", config.rank());
        root.putObject("rank_pattern");
        root.putNull("revision");
        ArrayNode targets = root.putArray("target_modules");
        config.targetsInOrder().forEach(targets::add);
        root.put("task_type", "CAUSAL_LM");
        root.put("use_dora", false);
        root.put("use_rslora", config.rankStabilised());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }
}
