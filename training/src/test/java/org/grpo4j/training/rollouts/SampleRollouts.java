package org.grpo4j.training.rollouts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.datasets.Problem;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.training.reward.WeightedRewards.Score;
import org.grpo4j.training.trainer.ScoredRollout;

/** Rollouts of texts, by {@link ByteTokenizer}. */
public final class SampleRollouts {

    private static final ByteTokenizer TOKENIZER = new ByteTokenizer();

    private SampleRollouts() {}

    /** A finished completion with reward 1 and credit that falls from its advantage to 0. */
    public static ScoredRollout rollout(int group, String problem, String text, double advantage) {
        int[] ids = TOKENIZER.encode(text, false);
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = ByteTokenizer.END;
        float[] credit = new float[ended.length];
        float[] logProbs = new float[ended.length];
        for (int t = 0; t < ended.length; t++) {
            credit[t] = (float) (advantage * (ended.length - t) / ended.length);
            logProbs[t] = -0.1f * (t % 20);
        }
        return new ScoredRollout(
                new Problem("problem-" + group, problem, List.of("42"), null),
                group,
                TOKENIZER.encode(problem, false),
                new Completion(ended, logProbs, true),
                text,
                new Score(Map.of("answer", 1.0), Map.of(), OptionalDouble.of(1)),
                advantage,
                credit);
    }

    /** Groups of two completions each. */
    public static List<ScoredRollout> groups(int count, String text) {
        List<ScoredRollout> rollouts = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            rollouts.add(rollout(group, "question " + group + "?", text, 1));
            rollouts.add(rollout(group, "question " + group + "?", text, -1));
        }
        return rollouts;
    }
}
