package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.config.DynamicSamplingSection;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.RolloutSection.Truncated;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.reward.OverlongPenalty;
import org.grpo4j.training.reward.RewardContext;
import org.grpo4j.training.reward.WeightedRewards;

/**
 * The completions of a step: sampled, scored, compared with their group, and sifted down to those that teach. With dynamic
 * sampling, groups without spread make room for further prompts.
 *
 * <p>Rows are taken in the order of the epoch, those of later attempts after those of earlier ones, and the next step begins
 * after the last of them; that position is all a resumed run needs to know. A completion's seed derives from (run seed,
 * step, row, sample), and from (run seed, step, attempt, row, sample) in attempts after the first.
 */
final class RolloutCollection {
    private final TrainConfig config;
    private final Policy policy;
    private final ProblemSet problems;
    private final Prompts prompts;
    private final WeightedRewards rewards;
    private final GroupComparison comparison;
    private final Rollouts rollouts;
    private final SamplingConfig sampling;
    private final DataOrder order;

    /** @param rollouts the sampler, which stays the caller's */
    RolloutCollection(
            TrainConfig config, Policy policy, ProblemSet problems, WeightedRewards rewards, Rollouts rollouts) {
        RolloutSection rollout = config.rollout();
        this.config = config;
        this.policy = policy;
        this.problems = problems;
        this.prompts = new Prompts(policy.tokenizer(), config.data());
        this.rewards = rollout.truncated() == Truncated.PENALISE ? penalising(rewards, rollout) : rewards;
        this.comparison = new GroupComparison(config.objective(), config.rewardsCombine(), this.rewards);
        this.rollouts = rollouts;
        this.sampling = new SamplingConfig(
                rollout.temperature(),
                rollout.topK(),
                rollout.topP(),
                rollout.maxNewTokens(),
                policy.stopIds(rollout.stop()));
        this.order = new DataOrder(problems.size(), config.training().seed());
    }

    private static WeightedRewards penalising(WeightedRewards rewards, RolloutSection rollout) {
        OverlongPenalty penalty = new OverlongPenalty(rollout.maxNewTokens(), rollout.overlongTokens());
        return rewards.with(new WeightedRewards.Component("overlong", 1, penalty));
    }

    /**
     * Samples for one step.
     *
     * @param position the first row of the data to use
     * @throws IllegalStateException if not a single completion could be scored
     */
    RolloutBatch collect(int step, long position, PhaseTimer timer) {
        int wanted = config.rollout().promptsPerStep();
        DynamicSamplingSection dynamic = config.rollout().dynamicSampling();
        int attempts = dynamic == null ? 1 : dynamic.maxAttempts();
        List<ScoredRollout> all = new ArrayList<>();
        Set<Integer> kept = new HashSet<>();
        int groups = 0;
        int attempt = 0;
        while (attempt < attempts && kept.size() < wanted) {
            int missing = wanted - kept.size();
            List<ScoredRollout> scored = sampleAndScore(step, attempt, position + groups, missing, groups, timer);
            all.addAll(scored);
            kept.addAll(dynamic == null ? groupsOf(scored) : GroupComparison.withSpread(comparison.of(scored)));
            groups += missing;
            attempt++;
        }
        requireOneScored(step, all);
        List<ScoredRollout> compared = compare(all, kept);
        List<ScoredRollout> used =
                compared.stream().filter(r -> teaches(r, kept)).toList();
        return new RolloutBatch(compared, used, attempt, groups - kept.size(), position + groups);
    }

    private static Set<Integer> groupsOf(List<ScoredRollout> scored) {
        Set<Integer> groups = new HashSet<>();
        scored.forEach(r -> groups.add(r.group()));
        return groups;
    }

    private static void requireOneScored(int step, List<ScoredRollout> all) {
        if (all.stream().noneMatch(r -> r.score().isUsable())) {
            throw new IllegalStateException(
                    "no completion of step " + step + " could be scored; the first reward failure: "
                            + all.get(0).score().failures());
        }
    }

    /** Only kept groups are compared, because an advantage may depend on the whole batch; the others have none. */
    private List<ScoredRollout> compare(List<ScoredRollout> all, Set<Integer> kept) {
        List<ScoredRollout> compared =
                comparison.of(all.stream().filter(r -> kept.contains(r.group())).toList());
        List<ScoredRollout> result = new ArrayList<>();
        int next = 0;
        for (ScoredRollout rollout : all) {
            result.add(kept.contains(rollout.group()) ? compared.get(next++) : rollout);
        }
        return result;
    }

    private boolean teaches(ScoredRollout rollout, Set<Integer> kept) {
        boolean masked = config.rollout().truncated() == Truncated.MASK
                && !rollout.completion().finished();
        boolean unwanted = config.training().positiveOnly() && rollout.advantage() < 0;
        return kept.contains(rollout.group()) && rollout.score().isUsable() && !masked && !unwanted;
    }

    private List<ScoredRollout> sampleAndScore(
            int step, int attempt, long position, int count, int firstGroup, PhaseTimer timer) {
        int group = config.rollout().groupSize();
        int[] rows = order.rows(position, count);
        List<CompletionRequest> requests;
        List<Completion> completions;
        try (var phase = timer.phase("rollout")) {
            requests = requests(step, attempt, rows);
            completions = rollouts.sample(requests, sampling);
        }
        List<ScoredRollout> result = new ArrayList<>();
        try (var phase = timer.phase("reward")) {
            for (int i = 0; i < requests.size(); i++) {
                Problem problem = problems.get(rows[i / group]);
                result.add(
                        scored(problem, firstGroup + i / group, requests.get(i).prompt(), completions.get(i)));
            }
        }
        return result;
    }

    private List<CompletionRequest> requests(int step, int attempt, int[] rows) {
        long seed = config.training().seed();
        List<CompletionRequest> requests = new ArrayList<>();
        for (int row : rows) {
            int[] prompt = prompts.encode(problems.get(row));
            for (int sample = 0; sample < config.rollout().groupSize(); sample++) {
                requests.add(new CompletionRequest(
                        prompt,
                        attempt == 0
                                ? Seeds.derive(seed, step, row, sample)
                                : Seeds.derive(seed, step, attempt, row, sample)));
            }
        }
        return requests;
    }

    private ScoredRollout scored(Problem problem, int group, int[] prompt, Completion completion) {
        String text = policy.tokenizer().decode(completion.tokens(), true);
        RewardContext context = new RewardContext(
                prompts.text(problem), problem.answers(), text, completion.tokens().length, !completion.finished());
        return new ScoredRollout(problem, group, prompt, completion, text, rewards.score(context), 0, new float[0]);
    }
}
