package org.grpo4j.datasets.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions joined by words: {@code x < 1 or x > 3} is a union, {@code x > 1 and x < 3} an intersection. */
final class Conditions {

    private Conditions() {}

    /**
     * The set that conditions on one variable describe together.
     *
     * @param tokens the list with its conjunctions
     * @return null when these are not conditions, or a comma leaves open how they are joined
     */
    static @Nullable Value joined(List<Value> items, List<Token> tokens) {
        boolean conditions =
                items.stream().allMatch(item -> item instanceof Value.Inequality || item instanceof Value.Membership);
        if (!conditions) {
            return null;
        }
        boolean or = tokens.stream().anyMatch(token -> Commas.isConjunction(token, "or"));
        boolean and = tokens.stream().anyMatch(token -> Commas.isConjunction(token, "and"));
        if (or == and) {
            return null;
        }
        Value joined = items.get(0);
        for (Value item : items.subList(1, items.size())) {
            joined = new Value.SetOperation(or ? "cup" : "cap", joined, item);
        }
        return joined;
    }
}
