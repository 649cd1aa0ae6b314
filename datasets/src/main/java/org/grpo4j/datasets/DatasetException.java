package org.grpo4j.datasets;

/**
 * Data that cannot be used as it is. The message is one sentence for the user: what is wrong, where, and what to do.
 */
public final class DatasetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
