package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.grpo4j.framework.InputException;

/**
 * One line of a JSONL file, and where it stands.
 *
 * @param source name of the file
 * @param number of the line, from 1
 * @param node the object on it
 */
record JsonLine(String source, int number, JsonNode node) {

    /** @throws InputException if the field is missing or no text */
    String text(String field) {
        return optionalText(field).orElseThrow(() -> error("\"" + field + "\" is missing"));
    }

    /** @throws InputException if the field is there and no text */
    Optional<String> optionalText(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw error("\"" + field + "\" must be a text, found " + value);
        }
        return Optional.of(value.textValue());
    }

    /** @throws InputException if the field is missing or no list of whole numbers */
    int[] ints(String field) {
        JsonNode list = node.path(field);
        if (!list.isArray()) {
            throw error("\"" + field + "\" must be a list of whole numbers");
        }
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToInt()) {
                throw error("\"" + field + "\" must be a list of whole numbers, found " + list.get(i));
            }
            values[i] = list.get(i).intValue();
        }
        return values;
    }

    InputException error(String sentence) {
        return new InputException(source + ":" + number + ": " + sentence);
    }
}
