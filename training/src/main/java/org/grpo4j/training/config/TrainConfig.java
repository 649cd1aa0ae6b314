package org.grpo4j.training.config;

import java.nio.file.Path;
import java.util.List;
import org.grpo4j.training.config.RolloutSection.Truncated;
import org.grpo4j.training.objective.AdvantageKind;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.reward.RewardConfig;
import org.grpo4j.training.reward.RewardsCombine;
import org.jspecify.annotations.Nullable;

/**
 * A reinforcement run ({@code grpo4j train}).
 *
 * @param output folder of the run: checkpoints, metrics and the report
 * @param model the policy to start from
 * @param tuning which of its parameters train
 * @param data problems to roll out
 * @param evaluation held-out problems, evaluated every {@code evalEvery} steps
 * @param rollout how completions are sampled
 * @param objective switches of the objective
 * @param reference policy of the KL term
 * @param critic value head that advantages of {@code gae} come from
 * @param optimiser AdamW and its schedule
 * @param training course of the run
 * @param rewards terms of the reward, added up
 * @param rewardsCombine whether they are added up before or after a group's completions are compared
 * @param checkpointEvery steps between checkpoints; 0 writes only the last
 * @param checkpoints those by the clock, and which are kept
 * @param evalEvery steps between evaluations; 0 evaluates only the start and the end
 * @param tensorboard whether to write event files for TensorBoard, into {@code tensorboard} below the output
 */
public record TrainConfig(
        Path output,
        ModelSection model,
        TuningSection tuning,
        DataSection data,
        @Nullable EvaluationSection evaluation,
        RolloutSection rollout,
        ObjectiveConfig objective,
        ReferenceSection reference,
        CriticSection critic,
        OptimiserSection optimiser,
        TrainingSection training,
        @Default("[{name: answer}]") List<RewardConfig> rewards,
        @Default("sum-then-normalise") RewardsCombine rewardsCombine,
        @Default("0") int checkpointEvery,
        CheckpointsSection checkpoints,
        @Default("0") int evalEvery,
        @Default("true") boolean tensorboard) {
    public TrainConfig {
        Require.that(!rewards.isEmpty(), "rewards must name at least one reward function");
        rewards = List.copyOf(rewards);
        Require.atLeast("checkpoint_every", checkpointEvery, 0);
        Require.atLeast("eval_every", evalEvery, 0);
        Require.that(
                rollout.groupSize() > 1 || objective.needsCritic(),
                "rollout.group_size must be at least 2, because objective.advantage "
                        + ConfigNames.value(objective.advantage())
                        + " compares the completions of a group with each other; found " + rollout.groupSize());
        requireFitsCritic(rollout, objective, training, rewardsCombine);
        boolean linear = objective.advantage() == AdvantageKind.GROUP_MEAN
                || objective.advantage() == AdvantageKind.LEAVE_ONE_OUT;
        Require.that(
                rewardsCombine == RewardsCombine.SUM_THEN_NORMALISE || !linear,
                "rewards_combine: normalise-then-sum changes nothing with objective.advantage "
                        + ConfigNames.value(objective.advantage())
                        + ", which divides by no standard deviation; set group-std or batch-std, or leave it out");
        Require.that(
                rewardsCombine == RewardsCombine.SUM_THEN_NORMALISE || rollout.truncated() != Truncated.PENALISE,
                "rewards_combine: normalise-then-sum would blow up the penalty of rollout.truncated: penalise to the size of a"
                        + " whole reward, however small it is; set truncated: mask or keep, or leave rewards_combine out");
        Require.that(
                !training.positiveOnly() || objective.negativeClamp() == null,
                "training.positive_only drops completions with a negative advantage, which leaves"
                        + " objective.negative_clamp (" + objective.negativeClamp()
                        + ") nothing to bound; set one of them only");
    }

    /** What compares the completions of a group has no meaning where every token has an advantage of its own. */
    private static void requireFitsCritic(
            RolloutSection rollout,
            ObjectiveConfig objective,
            TrainingSection training,
            RewardsCombine rewardsCombine) {
        if (!objective.needsCritic()) {
            return;
        }
        Require.that(
                rollout.dynamicSampling() == null,
                "rollout.dynamic_sampling drops groups without spread, but with objective.advantage gae completions are not"
                        + " compared with their group; leave it out");
        Require.that(
                !training.positiveOnly(),
                "training.positive_only leaves out completions with a negative advantage, but with objective.advantage gae"
                        + " every token has an advantage of its own; leave it out");
        Require.that(
                rewardsCombine == RewardsCombine.SUM_THEN_NORMALISE,
                "rewards_combine: normalise-then-sum compares rewards within a group, which objective.advantage gae does"
                        + " not; leave it out");
    }
}
