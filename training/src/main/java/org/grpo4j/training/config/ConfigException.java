package org.grpo4j.training.config;

import org.grpo4j.framework.InputException;

/** A configuration cannot be used. The message is one sentence that names the key, the value found and the allowed ones. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(InputException.readable(message));
    }

    public ConfigException(String message, Throwable cause) {
        super(InputException.readable(message), cause);
    }
}
