package org.grpo4j.training.trainer;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.verify.Verifier;

/** Counts problems whose gold answers mean nothing to the verifier, so that only the same text would be called right. */
final class UnreadableGolds {

    /** Any answer will do: what is asked for is how the gold reads. */
    private static final String ANSWER = "0";

    private UnreadableGolds() {}

    /** The fraction of the problems that have no gold answer which can be parsed. */
    static double fraction(List<ScoredRollout> rollouts) {
        Set<Problem> problems = rollouts.stream().map(ScoredRollout::problem).collect(Collectors.toSet());
        long unreadable =
                problems.stream().filter(UnreadableGolds::isUnreadable).count();
        return (double) unreadable / problems.size();
    }

    private static boolean isUnreadable(Problem problem) {
        return problem.answers().stream()
                .allMatch(gold -> Verifier.verify(gold, ANSWER).goldParsed() == null);
    }
}
