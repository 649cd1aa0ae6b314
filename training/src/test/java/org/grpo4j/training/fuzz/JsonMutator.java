package org.grpo4j.training.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes of a JSON text that keep it JSON for the most part: what its keys and values mean is attacked. */
final class JsonMutator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Around the number of a piece of text that no tree can hold, such as NaN or a key that stands twice. */
    private static final String MARK = "\ue000";

    private final Random random;
    private final List<String> raw = new ArrayList<>();

    private JsonMutator(Random random) {
        this.random = random;
    }

    static byte[] mutate(byte[] json, Random random) {
        if (random.nextInt(8) == 0) {
            return ByteMutator.mutate(json, random);
        }
        try {
            String text = new JsonMutator(random).mutate(JSON.readTree(json));
            byte[] result = text.getBytes(StandardCharsets.UTF_8);
            return random.nextInt(12) == 0 ? ByteMutator.mutate(result, random) : result;
        } catch (IOException e) {
            return ByteMutator.mutate(json, random);
        }
    }

    /** A place in a tree that holds a value: a member of an object or an element of an array. */
    private record Slot(JsonNode parent, String key, int index) {

        JsonNode value() {
            return parent.isObject() ? parent.get(key) : parent.get(index);
        }

        void set(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(key, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }
    }

    private String mutate(JsonNode root) throws IOException {
        ArrayNode holder = NODES.arrayNode().add(root);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            List<Slot> slots = new ArrayList<>();
            collect(holder, slots);
            change(slots.get(random.nextInt(slots.size())), slots);
        }
        String text = JSON.writeValueAsString(holder.isEmpty() ? NODES.missingNode() : holder.get(0));
        for (int i = 0; i < raw.size(); i++) {
            text = text.replace('"' + MARK + i + MARK + '"', raw.get(i));
        }
        return text;
    }

    private void collect(JsonNode node, List<Slot> slots) {
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                slots.add(new Slot(node, entry.getKey(), 0));
                collect(entry.getValue(), slots);
            });
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            slots.add(new Slot(node, "", i));
            collect(node.get(i), slots);
        }
    }

    private void change(Slot slot, List<Slot> all) {
        JsonNode value = slot.value();
        switch (random.nextInt(12)) {
            case 0 -> drop(slot);
            case 1 -> rename(slot, Extremes.text(random));
            case 2 -> duplicate(slot);
            case 3 -> slot.set(all.get(random.nextInt(all.size())).value().deepCopy());
            case 4 -> slot.set(nested(value, random.nextInt(4)));
            case 5 -> slot.set(repeated(value));
            case 6, 7 -> slot.set(any());
            default -> slot.set(value.isValueNode() ? like(value) : any());
        }
    }

    private void drop(Slot slot) {
        if (slot.parent() instanceof ObjectNode object) {
            object.remove(slot.key());
        } else if (slot.parent().size() > 1) {
            ((ArrayNode) slot.parent()).remove(slot.index());
        }
    }

    private void rename(Slot slot, String name) {
        if (slot.parent() instanceof ObjectNode object) {
            object.set(name, object.remove(slot.key()));
        }
    }

    /** A member twice, with the same value or another one. */
    private void duplicate(Slot slot) {
        String twin = random.nextBoolean() ? slot.value().toString() : Extremes.numeral(random);
        if (slot.parent().isObject()) {
            slot.set(raw(slot.value() + "," + NODES.textNode(slot.key()) + ":" + twin));
        } else {
            slot.set(raw(slot.value() + "," + twin));
        }
    }

    /** Of the same kind, but at the edge of it. */
    private JsonNode like(JsonNode value) {
        if (value.isNumber()) {
            return switch (random.nextInt(4)) {
                case 0 -> NODES.numberNode(value.longValue() + random.nextInt(5) - 2);
                case 1 -> NODES.numberNode(value.longValue() * (1L << random.nextInt(40)));
                default -> raw(Extremes.numeral(random));
            };
        }
        if (value.isTextual()) {
            String text = value.textValue();
            return switch (random.nextInt(5)) {
                case 0 -> NODES.textNode(text + Extremes.text(random));
                case 1 -> NODES.textNode(text.substring(0, random.nextInt(text.length() + 1)));
                case 2 -> NODES.textNode(text.repeat(Math.max(1, Extremes.size(random) / Math.max(1, text.length()))));
                default -> NODES.textNode(Extremes.text(random));
            };
        }
        return value.isBoolean() ? NODES.booleanNode(!value.booleanValue()) : any();
    }

    private JsonNode any() {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.textNode(Extremes.text(random));
            case 3 -> NODES.objectNode();
            case 4 -> NODES.arrayNode();
            case 5 -> NODES.textNode("y".repeat(Extremes.size(random)));
            case 6 -> raw("[".repeat(Extremes.size(random)));
            default -> raw(Extremes.numeral(random));
        };
    }

    private JsonNode nested(JsonNode value, int kind) {
        int depth = Math.min(Extremes.size(random), 20_000);
        String open = kind == 0 ? "{\"a\":" : kind == 1 ? "{\"type\":\"Sequence\",\"normalizers\":[" : "[";
        String close = kind == 0 ? "}" : kind == 1 ? "]}" : "]";
        return raw(open.repeat(depth) + value + close.repeat(depth));
    }

    /** An array with its elements many times over, or the value many times in an array. */
    private JsonNode repeated(JsonNode value) {
        String element = value.isArray() && !value.isEmpty()
                ? value.get(value.size() - 1).toString()
                : value.toString();
        int times = Math.min(Extremes.size(random), 1 + 200_000 / (element.length() + 1));
        return raw("[" + (element + ",").repeat(times) + element + "]");
    }

    private JsonNode raw(String text) {
        raw.add(text);
        return NODES.textNode(MARK + (raw.size() - 1) + MARK);
    }
}
