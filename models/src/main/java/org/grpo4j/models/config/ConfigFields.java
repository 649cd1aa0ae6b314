package org.grpo4j.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/** Typed reading of the fields of a JSON object. A field that is null counts as missing, as it does in Hugging Face. */
record ConfigFields(JsonNode object, String prefix) {

    boolean has(String field) {
        return object.hasNonNull(field);
    }

    ConfigFields child(String field) {
        JsonNode value = object.get(field);
        if (value == null || !value.isObject()) {
            throw wrongType(field, "an object");
        }
        return new ConfigFields(value, prefix + field + ".");
    }

    int requiredInt(String field) {
        requirePresent(field);
        return intOr(field, 0);
    }

    int intOr(String field, int otherwise) {
        return has(field) ? asInt(field, object.get(field)) : otherwise;
    }

    @Nullable
    Integer optionalInt(String field) {
        return has(field) ? asInt(field, object.get(field)) : null;
    }

    /** A field that is one integer or a list of them. */
    List<Integer> intList(String field) {
        List<Integer> values = new ArrayList<>();
        if (has(field) && object.get(field).isArray()) {
            object.get(field).forEach(value -> values.add(asInt(field, value)));
        } else if (has(field)) {
            values.add(asInt(field, object.get(field)));
        }
        return values;
    }

    double requiredDouble(String field) {
        requirePresent(field);
        return doubleOr(field, 0);
    }

    double doubleOr(String field, double otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!object.get(field).isNumber()) {
            throw wrongType(field, "a number");
        }
        return object.get(field).doubleValue();
    }

    boolean booleanOr(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!object.get(field).isBoolean()) {
            throw wrongType(field, "true or false");
        }
        return object.get(field).booleanValue();
    }

    String stringOr(String field, String otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!object.get(field).isTextual()) {
            throw wrongType(field, "a string");
        }
        return object.get(field).textValue();
    }

    InputException unsupported(String field, String supported) {
        return new InputException(
                prefix + field + " is " + object.get(field) + ", which is not supported; " + supported);
    }

    private void requirePresent(String field) {
        if (!has(field)) {
            throw new InputException(prefix + field + " is missing.");
        }
    }

    private int asInt(String field, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrongType(field, "a 32-bit integer");
        }
        return value.intValue();
    }

    private InputException wrongType(String field, String wanted) {
        return new InputException(prefix + field + " is " + object.get(field) + "; it must be " + wanted + ".");
    }
}
