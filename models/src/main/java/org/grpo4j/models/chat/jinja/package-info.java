/**
 * The part of the Jinja2 template language that chat templates use, with the results of Jinja2 3.1 as transformers sets
 * it up: immutable sandbox, {@code trim_blocks}, {@code lstrip_blocks}, loop controls, no escaping, Python's texts of
 * values. It is our own because no Java library renders the templates of all families exactly (jinjava fails on
 * Qwen3's and strips other white space), and one wrong space is another prompt. What is not covered is an error that
 * names the construct and its line, never a guess. Templates come from strangers: they reach no file and no class, and
 * a {@link org.grpo4j.models.chat.jinja.Budget} bounds their time and memory.
 *
 * <p>A template goes through {@code Lexer}, {@code StatementParser} and {@code Renderer}. Values are Java objects:
 * {@link java.lang.String}, {@link java.lang.Boolean}, {@link java.math.BigInteger}, {@link java.lang.Double},
 * {@code None}, {@code Undefined}, {@code Items} (list, tuple, range, view), {@code Dict}, {@code Namespace},
 * {@code Markup} and {@code Function}.
 */
@NullMarked
package org.grpo4j.models.chat.jinja;

import org.jspecify.annotations.NullMarked;
