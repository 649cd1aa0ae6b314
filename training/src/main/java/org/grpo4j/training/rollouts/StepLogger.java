package org.grpo4j.training.rollouts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.Problem;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.rollouts.LoggedCompletion.Gap;
import org.grpo4j.training.trainer.ScoredRollout;

/**
 * Turns scored rollouts into what is kept of them, within a number of tokens: the first groups whole, as many as fit. If not
 * even one fits, its completions keep their beginnings and ends.
 *
 * @param texts of single tokens
 * @param maxTokens of a step
 */
record StepLogger(Tokenizer tokenizer, TokenPieces texts, int maxTokens) {

    /** Characters kept of a prompt, of a problem, and of a reason why a reward failed. */
    private static final int MAX_TEXT = 4000;

    LoggedStep log(int step, List<ScoredRollout> rollouts) {
        Map<Integer, List<ScoredRollout>> byGroup = new LinkedHashMap<>();
        rollouts.forEach(r ->
                byGroup.computeIfAbsent(r.group(), group -> new ArrayList<>()).add(r));
        List<LoggedGroup> kept = new ArrayList<>();
        int tokens = 0;
        for (List<ScoredRollout> group : byGroup.values()) {
            tokens += group.stream().mapToInt(StepLogger::length).sum();
            if (!kept.isEmpty() && tokens > maxTokens) {
                break;
            }
            kept.add(group(group));
        }
        return new LoggedStep(step, kept, byGroup.size() - kept.size());
    }

    private LoggedGroup group(List<ScoredRollout> group) {
        ScoredRollout first = group.get(0);
        Problem problem = first.problem();
        int share = Math.max(2, maxTokens / group.size());
        return new LoggedGroup(
                shortened(problem.id()),
                shortened(problem.problem()),
                shortened(tokenizer.decode(first.prompt(), false)),
                problem.answers().stream().map(StepLogger::shortened).toList(),
                group.stream().map(rollout -> completion(rollout, share)).toList());
    }

    private LoggedCompletion completion(ScoredRollout rollout, int most) {
        List<String> pieces = texts.of(rollout.completion().tokens());
        int length = pieces.size();
        int head = length <= most ? length : most - most / 2;
        int tail = length <= most ? 0 : most / 2;
        List<String> kept = new ArrayList<>(pieces.subList(0, head));
        kept.addAll(pieces.subList(length - tail, length));
        Map<String, String> failures = new LinkedHashMap<>();
        rollout.score().failures().forEach((name, reason) -> failures.put(name, shortened(reason)));
        return new LoggedCompletion(
                kept,
                ends(rollout.credit(), head, tail),
                ends(rollout.completion().logProbs(), head, tail),
                length <= most ? Gap.NONE : new Gap(head, length - head - tail),
                length,
                rollout.score().total(),
                rollout.score().values(),
                failures,
                rollout.advantage(),
                rollout.completion().finished());
    }

    private static float[] ends(float[] values, int head, int tail) {
        if (values.length == 0) {
            return values;
        }
        float[] kept = Arrays.copyOf(values, head + tail);
        System.arraycopy(values, values.length - tail, kept, head, tail);
        return kept;
    }

    private static int length(ScoredRollout rollout) {
        return rollout.completion().tokens().length;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
