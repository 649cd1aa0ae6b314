package org.grpo4j.models.chat.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
