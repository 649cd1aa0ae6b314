package org.grpo4j.models.chat.jinja;

/**
 * A piece of a template.
 *
 * @param text literal text, name, value of a string, digits of a number, or spelling of an operator
 * @param line from 1
 * @param column from 1
 */
record Token(Type type, String text, int line, int column) {

    enum Type {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isName(String name) {
        return type == Type.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return type == Type.OPERATOR && text.equals(operator);
    }

    /** The token as an error message shows it. */
    String shown() {
        return switch (type) {
            case END -> "end of the template";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END -> "'}}'";
            case DATA -> "text";
            default -> "'" + text + "'";
        };
    }

    TemplateException error(String sentence) {
        return new TemplateException(sentence + " (column " + column + ")", line);
    }
}
