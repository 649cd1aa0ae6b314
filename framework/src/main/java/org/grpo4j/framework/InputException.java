package org.grpo4j.framework;

/**
 * Something the user handed in cannot be used: a file is missing or damaged, a tensor has the wrong shape, a value lies
 * outside its range. The message is one sentence that says what was expected, what was found, and where.
 */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
