package org.grpo4j.training.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.grpo4j.framework.InputException;

/** Reads JSONL: one JSON object a line, blank lines skipped, errors with the number of the line. */
final class JsonLines {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonLines() {}

    /** What is done with each line. */
    @FunctionalInterface
    interface Action {
        void accept(JsonLine line) throws IOException;
    }

    /**
     * Hands every line to {@code action}, in order, without holding the file in memory. The name {@code -} is standard
     * input.
     *
     * @throws InputException if a line is not a JSON object
     */
    static void forEach(Path file, Action action) throws IOException {
        boolean standardInput = file.toString().equals("-");
        String source = standardInput ? "standard input" : file.toString();
        if (!standardInput && Files.isDirectory(file)) {
            throw new InputException(source + ": expected a JSONL file, found a folder");
        }
        try (BufferedReader reader = standardInput
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    action.accept(parse(source, number, line));
                }
            }
        } catch (CharacterCodingException e) {
            throw new InputException(source + ": not a text file in UTF-8", e);
        }
    }

    private static JsonLine parse(String source, int number, String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.isObject()) {
                throw new InputException(source + ":" + number + ": expected a JSON object, found "
                        + node.getNodeType().name().toLowerCase(Locale.ROOT));
            }
            return new JsonLine(source, number, node);
        } catch (JsonProcessingException e) {
            throw new InputException(source + ":" + number + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
