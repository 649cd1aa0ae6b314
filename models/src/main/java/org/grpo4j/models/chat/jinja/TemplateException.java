package org.grpo4j.models.chat.jinja;

/** Why a template cannot be parsed or rendered, and the line if it is known already. */
final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean raised;

    private TemplateException(String message, int line, boolean raised) {
        super(message);
        this.line = line;
        this.raised = raised;
    }

    /** A fault that the innermost node being evaluated will give its line. */
    TemplateException(String message) {
        this(message, 0, false);
    }

    TemplateException(String message, int line) {
        this(message, line, false);
    }

    /** The construct is one of Jinja2's, but this renderer does not have it. */
    static TemplateException unsupported(String construct) {
        return new TemplateException(construct + " is not supported here");
    }

    /** The template itself refused its input with {@code raise_exception}. */
    static TemplateException raisedByTemplate(String message) {
        return new TemplateException(message, 0, true);
    }

    /** This fault at a line, unless it has one. */
    TemplateException at(int where) {
        return line > 0 ? this : new TemplateException(getMessage(), where, raised);
    }

    int line() {
        return line;
    }

    boolean raised() {
        return raised;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
