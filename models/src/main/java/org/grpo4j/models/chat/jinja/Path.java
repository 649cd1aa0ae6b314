package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The argument {@code attribute} of filters: keys with dots between them, digits for positions.
 *
 * @param keys none for the value itself
 */
record Path(List<Object> keys) {

    static Path of(@Nullable Object attribute) {
        if (attribute == null) {
            return new Path(List.of());
        } else if (attribute instanceof String text) {
            return new Path(Arrays.stream(text.split("\\.", -1)).map(Path::key).toList());
        } else if (attribute instanceof BigInteger) {
            return new Path(List.of(attribute));
        }
        throw TemplateException.unsupported("an attribute given as " + Types.name(attribute));
    }

    private static Object key(String part) {
        return part.matches("[0-9]+") ? new BigInteger(part) : part;
    }

    Object in(Object value, Budget budget) {
        return in(value, null, budget);
    }

    /** @param fallback taken for whatever is undefined on the way; null for none */
    Object in(Object value, @Nullable Object fallback, Budget budget) {
        Object found = value;
        for (Object key : keys) {
            found = Subscripts.item(found, key, budget);
            found = fallback != null && found instanceof Undefined ? fallback : found;
        }
        return found;
    }
}
