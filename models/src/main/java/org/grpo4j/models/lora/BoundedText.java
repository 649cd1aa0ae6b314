package org.grpo4j.models.lora;

import org.grpo4j.framework.InputException;

/**
 * A text that regular expressions from strangers may be matched with: it counts how often it is looked at and ends a match
 * that goes round in circles, which Java's own matcher never does.
 *
 * @param text what is matched
 * @param steps left, shared by the texts of one expression
 */
record BoundedText(CharSequence text, Steps steps) implements CharSequence {

    /** Looks at characters that are left. */
    static final class Steps {
        private int left = 10_000_000;
    }

    /** @throws InputException when all steps are used up */
    @Override
    public char charAt(int index) {
        if (--steps.left < 0) {
            throw new InputException("target_modules is a regular expression that takes too long to match;"
                    + " write it without repetitions inside of repetitions, or list the modules.");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
