package org.grpo4j.framework;

import org.jspecify.annotations.Nullable;

/**
 * The user gave something that cannot be used: a missing or damaged file, a setting out of range, an unknown key. The
 * message is one readable sentence that says what is wrong, where, and what to do; the command line prints it without a
 * stack trace and exits with status 2. A fault of this library is never an {@code InputException}.
 */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
