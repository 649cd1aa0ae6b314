package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.grpo4j.models.decoder.Buckets;

/**
 * Examples that run through a plan together.
 *
 * @param shape of the plan
 * @param examples indices of the examples, one a row; further rows of the shape stay empty
 */
public record MicroBatch(Shape shape, int[] examples) {
    /**
     * The fixed shape of a training plan. Completions are aligned: column 0 is the first completion token of every row.
     *
     * @param rows sequences
     * @param time tokens of the longest sequence, prompt and completion
     * @param completionTime tokens of the longest completion
     */
    public record Shape(int rows, int time, int completionTime) {}

    /**
     * Splits examples into micro-batches: neighbours in length together, shapes from a few sizes, every replica with
     * about the same share. The result depends on lengths and order only.
     *
     * @param maxTokens padded tokens of one micro-batch at most, unless a single sequence is longer
     * @param replicas micro-batches that run at once
     */
    public static List<MicroBatch> split(List<TokenExample> examples, int maxTokens, int replicas) {
        int[] byLength = IntStream.range(0, examples.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> examples.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        int longest = examples.get(byLength[byLength.length - 1]).length();
        int rows = rows(examples.size(), longest, maxTokens, replicas);
        List<MicroBatch> batches = new ArrayList<>();
        for (int first = 0; first < byLength.length; first += rows) {
            int[] chunk = Arrays.copyOfRange(byLength, first, Math.min(first + rows, byLength.length));
            batches.add(new MicroBatch(shape(examples, chunk, rows), chunk));
        }
        return batches;
    }

    /** The largest shape that {@link #split} makes of {@code count} examples up to these lengths. */
    static Shape largest(int count, int longest, int longestCompletion, int maxTokens, int replicas) {
        return new Shape(rows(count, longest, maxTokens, replicas), Buckets.of(longest), Buckets.of(longestCompletion));
    }

    private static int rows(int count, int longest, int maxTokens, int replicas) {
        int share = (count + replicas - 1) / replicas;
        return Math.max(1, Math.min(maxTokens / Buckets.of(longest), share));
    }

    private static Shape shape(List<TokenExample> examples, int[] chunk, int rows) {
        int time = 0;
        int completionTime = 0;
        for (int example : chunk) {
            time = Math.max(time, examples.get(example).length());
            completionTime = Math.max(completionTime, examples.get(example).completion().length);
        }
        return new Shape(rows, Buckets.of(time), Buckets.of(completionTime));
    }
}
