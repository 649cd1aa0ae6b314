package org.grpo4j.training.fuzz;

/**
 * What became of a case.
 *
 * @param outcome whether the loader did one of the two things that it may do
 * @param explanation the loader's sentence, or what is wrong with what it did
 * @param heapBytes allocated on the heap in all, collected meanwhile or not
 * @param nativeBytes the most that was resident beside the heap; 0 where that is not measured
 * @param nanoseconds that loading took
 */
record Verdict(Outcome outcome, String explanation, long heapBytes, long nativeBytes, long nanoseconds) {

    enum Outcome {
        ACCEPTED,
        REFUSED,
        FAILED
    }
}
