package org.grpo4j.models.chat.jinja;

/**
 * Text that the filters {@code safe} and {@code escape} marked. Printing it is all that can be done with it here, since
 * joining it with other text would escape that text.
 */
record Markup(String text) {}
