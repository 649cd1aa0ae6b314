package org.grpo4j.training.eval;

import org.grpo4j.datasets.verify.Verifier;

/** Whether two extracted answers mean the same. */
@FunctionalInterface
public interface AnswerEquivalence {

    /** Equal in value, as the verifier sees it. */
    AnswerEquivalence VERIFIED = Verifier::equivalent;

    boolean test(String a, String b);
}
