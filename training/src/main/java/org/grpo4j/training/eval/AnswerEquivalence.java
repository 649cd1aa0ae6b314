package org.grpo4j.training.eval;

import java.util.List;
import org.grpo4j.datasets.verify.Verifier;

/** Whether two extracted answers mean the same. */
@FunctionalInterface
public interface AnswerEquivalence {

    /** Equal in value, as the verifier sees it. */
    AnswerEquivalence VERIFIED =
            (a, b) -> Verifier.verify(List.of(a), "\\boxed{" + b + "}").correct();

    boolean test(String a, String b);
}
