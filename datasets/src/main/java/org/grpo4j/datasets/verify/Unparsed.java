package org.grpo4j.datasets.verify;

/** A text without a value that is known here. Internal control flow: it carries no stack and never leaves the package. */
final class Unparsed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    private Unparsed(String message, boolean tooLarge) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
    }

    static Unparsed because(String message) {
        return new Unparsed(message, false);
    }

    static Unparsed tooLarge(String message) {
        return new Unparsed(message, true);
    }

    boolean isTooLarge() {
        return tooLarge;
    }
}
