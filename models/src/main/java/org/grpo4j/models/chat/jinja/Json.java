package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}. */
final class Json {

    private final StringBuilder out = new StringBuilder();
    private final Style style;
    private final Budget budget;

    /**
     * How JSON is written.
     *
     * @param ascii escape all beyond ASCII
     * @param indent of one level; null writes all on one line
     * @param itemSeparator between items
     * @param keySeparator between key and value
     * @param sorted order keys
     */
    record Style(boolean ascii, @Nullable String indent, String itemSeparator, String keySeparator, boolean sorted) {}

    private Json(Style style, Budget budget) {
        this.style = style;
        this.budget = budget;
    }

    static String dumps(Object value, Style style, Budget budget) {
        Json json = new Json(style, budget);
        json.write(value, 0);
        return json.out.toString();
    }

    private void add(String text) {
        budget.characters(text.length());
        out.append(text);
    }

    private void write(Object value, int level) {
        budget.enter();
        if (value instanceof String text) {
            add(quoted(text));
        } else if (value instanceof Dict dict) {
            dict(dict, level);
        } else if (value instanceof Items items
                && (items.kind() == Items.Kind.LIST || items.kind() == Items.Kind.TUPLE)) {
            list(items.values(), level);
        } else {
            add(scalar(value));
        }
        budget.leave();
    }

    private static String scalar(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "true" : "false";
        } else if (value == None.NONE) {
            return "null";
        } else if (value instanceof BigInteger number) {
            return Numbers.bounded(number).toString();
        } else if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Numbers.repr(number);
        } else if (value instanceof Markup) {
            throw TemplateException.unsupported("tojson of text marked as safe");
        }
        throw new TemplateException("Object of type " + Types.name(value) + " is not JSON serializable");
    }

    private void list(List<Object> values, int level) {
        add("[");
        for (int i = 0; i < values.size(); i++) {
            separate(i, level + 1);
            write(values.get(i), level + 1);
        }
        close(values.isEmpty(), "]", level);
    }

    private void dict(Dict dict, int level) {
        add("{");
        List<Object> keys = new ArrayList<>(dict.keys());
        if (style.sorted()) {
            keys.sort((a, b) -> Comparing.order(a, b, budget));
        }
        for (int i = 0; i < keys.size(); i++) {
            separate(i, level + 1);
            Object key = keys.get(i);
            if (!(key instanceof String) && key != None.NONE && !Types.isNumber(key)) {
                throw new TemplateException("keys must be str, int, float, bool or None, not " + Types.name(key));
            }
            add(quoted(key instanceof String name ? name : scalar(key)));
            add(style.keySeparator());
            Object value = dict.get(key);
            write(value == null ? None.NONE : value, level + 1);
        }
        close(keys.isEmpty(), "}", level);
    }

    private void separate(int index, int level) {
        add(index == 0 ? "" : style.itemSeparator());
        newLine(level);
    }

    private void close(boolean empty, String bracket, int level) {
        if (!empty) {
            newLine(level);
        }
        add(bracket);
    }

    private void newLine(int level) {
        String indent = style.indent();
        if (indent != null) {
            add("\n");
            add(PyString.repeat(indent, level, budget));
        }
    }

    private String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\"\\\n\r\t\f\b".indexOf(c);
            if (escape >= 0) {
                quoted.append('\\').append("\"\\nrtfb".charAt(escape));
            } else if (c < 0x20 || (style.ascii() && c > 0x7e)) {
                quoted.append(style.ascii() && c == 0x7f ? "\u007f" : String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
