package org.grpo4j.training.eval;

import java.util.List;

/**
 * A completion to look at.
 *
 * @param problem the problem's text
 * @param gold its right answers
 * @param sample what the model made of it
 */
public record ExampleCompletion(String problem, List<String> gold, SampleRecord sample) {

    public ExampleCompletion {
        gold = List.copyOf(gold);
    }
}
