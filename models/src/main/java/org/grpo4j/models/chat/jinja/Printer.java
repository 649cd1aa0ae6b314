package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.List;

/** Python's {@code str} and {@code repr} of values. */
final class Printer {

    private final StringBuilder out = new StringBuilder();
    private final Budget budget;

    private Printer(Budget budget) {
        this.budget = budget;
    }

    /** A value as {@code {{ value }}} prints it. */
    static String str(Object value, Budget budget) {
        if (value instanceof String text) {
            return text;
        } else if (value instanceof Undefined) {
            return "";
        } else if (value instanceof Markup markup) {
            return markup.text();
        }
        return repr(value, budget);
    }

    static String repr(Object value, Budget budget) {
        Printer printer = new Printer(budget);
        printer.print(value);
        return printer.out.toString();
    }

    private void add(String text) {
        budget.characters(text.length());
        out.append(text);
    }

    private void print(Object value) {
        budget.enter();
        if (value instanceof String text) {
            quoted(text);
        } else if (value instanceof Boolean flag) {
            add(flag ? "True" : "False");
        } else if (value == None.NONE) {
            add("None");
        } else if (value instanceof BigInteger number) {
            add(Numbers.bounded(number).toString());
        } else if (value instanceof Double number) {
            add(Numbers.repr(number));
        } else if (value instanceof Dict dict) {
            dict(dict);
        } else if (value instanceof Items items) {
            items(items);
        } else if (value instanceof Undefined) {
            add("Undefined");
        } else {
            throw TemplateException.unsupported("printing a " + Types.name(value));
        }
        budget.leave();
    }

    private void dict(Dict dict) {
        add("{");
        List<Object> keys = dict.keys();
        List<Object> values = dict.values();
        for (int i = 0; i < keys.size(); i++) {
            add(i == 0 ? "" : ", ");
            print(keys.get(i));
            add(": ");
            print(values.get(i));
        }
        add("}");
    }

    private void items(Items items) {
        switch (items.kind()) {
            case LIST -> list("[", items.values(), "]");
            case TUPLE -> list("(", items.values(), items.values().size() == 1 ? ",)" : ")");
            case KEYS, VALUES, ENTRIES -> list(items.kind().typeName() + "([", items.values(), "])");
            default ->
                throw TemplateException.unsupported("printing a " + items.kind().typeName());
        }
    }

    private void list(String open, List<Object> values, String close) {
        add(open);
        for (int i = 0; i < values.size(); i++) {
            add(i == 0 ? "" : ", ");
            print(values.get(i));
        }
        add(close);
    }

    private void quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c == '\r') {
                quoted.append("\\r");
            } else if (c == '\t') {
                quoted.append("\\t");
            } else if (isPrintable(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(String.format(c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x", c));
            }
        });
        add(quoted.append(quote).toString());
    }

    /** {@code str.isprintable}: all but control characters, lone surrogates, private use, gaps and foreign spaces. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
