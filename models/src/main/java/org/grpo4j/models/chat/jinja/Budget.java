package org.grpo4j.models.chat.jinja;

/**
 * Limits of one rendering. A template is a program from a stranger; these bounds are far beyond what real templates and
 * conversations need, and end it within seconds and some hundred megabytes.
 */
final class Budget {

    private static final long STEPS = 10_000_000;
    private static final long CHARACTERS = 100_000_000;
    private static final int DEPTH = 600;

    private long steps = STEPS;
    private long characters = CHARACTERS;
    private int depth;

    /** Pays for work in proportion to {@code count}. */
    void steps(long count) {
        steps -= count;
        if (count < 0 || steps < 0) {
            throw new TemplateException("it takes more than " + STEPS + " steps");
        }
    }

    /** Pays for text that is about to be made. */
    void characters(long count) {
        characters -= count;
        if (count < 0 || characters < 0) {
            throw new TemplateException("it makes more than " + CHARACTERS + " characters of text");
        }
    }

    /** Pays for a list that is about to be made. */
    void elements(long count) {
        steps(count);
        characters(count * 4);
    }

    void enter() {
        steps(1);
        if (++depth > DEPTH) {
            throw new TemplateException("it nests calls and expressions more than " + DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }
}
