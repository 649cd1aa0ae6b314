package org.grpo4j.training.reward;

import java.util.regex.Pattern;

/**
 * 1 if the completion shows its answer in the asked form, else 0.
 *
 * @param pattern found anywhere in the completion
 */
public record FormatReward(Pattern pattern) implements Reward {
    private static final Pattern MARKED = Pattern.compile("\\\\boxed\\s*\\{\\s*[^\\s}]|####[ \\t]*\\S");

    /** {@code \boxed{…}} or {@code #### …} with something in it: the two forms that answers are read from. */
    public static FormatReward markedAnswer() {
        return new FormatReward(MARKED);
    }

    @Override
    public double score(RewardContext context) {
        return pattern.matcher(new Interruptible(context.completion())).find() ? 1 : 0;
    }

    /** A pattern of the user's may try more ways than there is time for. */
    @Override
    public boolean endsByItself() {
        return pattern == MARKED;
    }

    /** A text that a search gives up on when its thread is interrupted, which nothing else would make it do. */
    private record Interruptible(CharSequence text) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while a pattern was searched");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Interruptible(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
