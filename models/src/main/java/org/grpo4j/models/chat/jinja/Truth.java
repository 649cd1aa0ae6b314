package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;

/** Python's {@code bool(value)}. */
final class Truth {

    private Truth() {}

    static boolean of(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        } else if (value instanceof String text) {
            return !text.isEmpty();
        } else if (value instanceof BigInteger number) {
            return number.signum() != 0;
        } else if (value instanceof Double number) {
            return number != 0;
        } else if (value instanceof Dict dict) {
            return dict.size() > 0;
        } else if (value instanceof Items items) {
            return !items.hasLength() || !items.values().isEmpty();
        } else if (value instanceof Markup markup) {
            return !markup.text().isEmpty();
        }
        return value != None.NONE && !(value instanceof Undefined);
    }
}
