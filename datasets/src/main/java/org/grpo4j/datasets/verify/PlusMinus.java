package org.grpo4j.datasets.verify;

import java.util.List;

/** Counts plus-minus signs. */
final class PlusMinus {

    private PlusMinus() {}

    /** How many there are, where a minus-plus belongs to a plus-minus. */
    static int count(List<Token> tokens) {
        int plusMinus = 0;
        int minusPlus = 0;
        for (Token token : tokens) {
            plusMinus += token.is("pm") ? 1 : 0;
            minusPlus += token.is("mp") ? 1 : 0;
        }
        return Math.max(plusMinus, minusPlus);
    }
}
