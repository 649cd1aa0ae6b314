package org.grpo4j.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.tokenizer.Tokenizer;

/**
 * The files of a checkpoint folder beside configuration and weights, by name: tokenizer, chat template, generation
 * settings. They are copied as they are, byte by byte.
 */
public record CompanionFiles(Map<String, byte[]> contents) {

    static final String GENERATION_CONFIG = "generation_config.json";

    private static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja",
            "chat_template.json",
            GENERATION_CONFIG);

    public CompanionFiles {
        contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    }

    /** The files of a tokenizer, for a model made from scratch. */
    public static CompanionFiles of(Tokenizer tokenizer) {
        return new CompanionFiles(tokenizer.files());
    }

    public static CompanionFiles none() {
        return new CompanionFiles(Map.of());
    }

    static CompanionFiles read(Path folder) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            try {
                if (Files.isRegularFile(file)) {
                    contents.put(name, Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new InputException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return new CompanionFiles(contents);
    }

    /** These files, each replaced by the other one of its name if there is one. */
    CompanionFiles overriddenBy(CompanionFiles others) {
        Map<String, byte[]> all = new LinkedHashMap<>(contents);
        all.putAll(others.contents);
        return new CompanionFiles(all);
    }

    /** These files, with a generation config made from the model's own ids if there is none. */
    CompanionFiles withGenerationConfig(DecoderConfig config) {
        if (contents.containsKey(GENERATION_CONFIG)) {
            return this;
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode().put("_from_model_config", true);
        if (config.bosTokenId() != null) {
            root.put("bos_token_id", config.bosTokenId());
        }
        if (config.eosTokenIds().size() == 1) {
            root.put("eos_token_id", config.eosTokenIds().get(0));
        } else if (!config.eosTokenIds().isEmpty()) {
            ArrayNode ids = root.putArray("eos_token_id");
            config.eosTokenIds().forEach(ids::add);
        }
        Map<String, byte[]> all = new LinkedHashMap<>(contents);
        try {
            all.put(GENERATION_CONFIG, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
        return new CompanionFiles(all);
    }

    /** End ids of the generation config, then those of the model that it does not list. */
    List<Integer> stopIds(List<Integer> modelIds) {
        Set<Integer> ids = new LinkedHashSet<>();
        byte[] generation = contents.get(GENERATION_CONFIG);
        if (generation != null) {
            JsonNode eos = parse(generation).path("eos_token_id");
            if (eos.isContainerNode()) {
                eos.forEach(id -> ids.add(stopId(id)));
            } else if (!eos.isMissingNode() && !eos.isNull()) {
                ids.add(stopId(eos));
            }
        }
        ids.addAll(modelIds);
        return new ArrayList<>(ids);
    }

    private static int stopId(JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt()) {
            throw new InputException(GENERATION_CONFIG + ": eos_token_id is or holds " + id
                    + "; it must be a token id or a list of them.");
        }
        return id.intValue();
    }

    void writeTo(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            AtomicFile.write(folder.resolve(file.getKey()), out -> out.write(file.getValue()));
        }
    }

    private static JsonNode parse(byte[] generation) {
        try {
            return new ObjectMapper().readTree(generation);
        } catch (IOException e) {
            throw new InputException(GENERATION_CONFIG + " is not valid JSON; correct or remove it.", e);
        }
    }
}
