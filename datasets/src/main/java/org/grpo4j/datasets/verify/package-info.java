/**
 * Is this answer right? An answer is found in a completion ({@link org.grpo4j.datasets.verify.AnswerExtractor}), split into
 * tokens of one spelling ({@link org.grpo4j.datasets.verify.Lexer}), read as a value
 * ({@link org.grpo4j.datasets.verify.AnswerParser}) and compared ({@link org.grpo4j.datasets.verify.Comparison}): exactly
 * where numbers are rational, else by enclosures of the true values. Answers are hostile until parsed, so one budget of steps
 * and time covers all of it, and nothing here throws.
 */
@NullMarked
package org.grpo4j.datasets.verify;

import org.jspecify.annotations.NullMarked;
