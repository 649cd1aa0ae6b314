package org.grpo4j.models.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code str.format} with plain fields: {@code {}}, {@code {0}}, {@code {name}}. */
final class BraceFormat {

    private BraceFormat() {}

    static String format(String format, Arguments arguments, Budget budget) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean doubled = (c == '{' || c == '}') && format.startsWith(String.valueOf(c), i + 1);
            if (doubled) {
                i++;
                out.append(c);
            } else if (c == '}') {
                throw new TemplateException("Single '}' encountered in format string");
            } else if (c == '{') {
                int end = format.indexOf('}', i);
                if (end < 0) {
                    throw new TemplateException("expected '}' before end of string");
                }
                String field = format.substring(i + 1, end);
                String text = Printer.str(value(field, next, arguments), budget);
                next += field.isEmpty() ? 1 : 0;
                budget.characters(text.length());
                out.append(text);
                i = end;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static Object value(String field, int next, Arguments arguments) {
        if (!field.matches("\\w*")) {
            throw TemplateException.unsupported("the format field {" + field + "}");
        }
        List<Object> positional = arguments.positional();
        if (!field.isEmpty() && !field.matches("\\d{1,6}")) {
            @Nullable Object value = arguments.keywords().get(field);
            if (value == null) {
                throw new TemplateException("the format asks for '" + field + "', which is not given");
            }
            return value;
        }
        int index = field.isEmpty() ? next : Integer.parseInt(field);
        if (index >= positional.size()) {
            throw new TemplateException("the format asks for more values than it is given");
        }
        return positional.get(index);
    }
}
