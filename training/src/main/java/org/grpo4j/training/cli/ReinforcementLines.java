package org.grpo4j.training.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.grpo4j.training.config.CriticSection;
import org.grpo4j.training.config.DynamicSamplingSection;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.config.ReferenceSection;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.RolloutSection.Truncated;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.config.TrainingSection;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.Trace;
import org.grpo4j.training.report.Settings;
import org.grpo4j.training.reward.RewardsCombine;

/** The settings of a reinforcement run that matter most, a line each. */
final class ReinforcementLines {

    /** Keys of the objective that have words of their own below; any other is told when it is not at its default. */
    private static final Set<String> TOLD = Set.of(
            "trace",
            "style",
            "gamma",
            "lambda",
            "trace_normalisation",
            "advantage",
            "negative_clamp",
            "surrogate",
            "clip_low",
            "clip_high",
            "dual_clip",
            "ratio_level",
            "aggregation",
            "max_length",
            "beta",
            "kl");

    private ReinforcementLines() {}

    static List<String> of(TrainConfig config) {
        ObjectiveConfig objective = config.objective();
        Map<String, String> values = Settings.of(objective);
        List<String> lines = new ArrayList<>();
        lines.add(SettingLines.line("prompts", prompts(config)));
        lines.add(SettingLines.line("rollout", rollout(config.rollout())));
        lines.add(SettingLines.line("learns of", learnsOf(config)));
        lines.add(SettingLines.line("rewards", rewards(config)));
        lines.add(SettingLines.line("advantage", advantage(objective, values)));
        lines.add(SettingLines.line("trace", trace(objective, values)));
        if (objective.needsCritic()) {
            lines.add(SettingLines.line("critic", critic(config.critic())));
        }
        lines.add(SettingLines.line("surrogate", surrogate(objective, values)));
        lines.add(SettingLines.line("reference", reference(config, values)));
        others(values).ifPresent(text -> lines.add(SettingLines.line("also", text)));
        lines.add(SettingLines.line("training", training(config.training())));
        lines.add(SettingLines.line("evaluation", evaluation(config)));
        return lines;
    }

    private static String prompts(TrainConfig config) {
        return config.data().chat()
                ? "by the model's chat template around " + config.data().promptTemplate()
                : config.data().promptTemplate().strip().replace("\n", "\\n");
    }

    private static String rollout(RolloutSection rollout) {
        return rollout.promptsPerStep() + " prompts × " + rollout.groupSize() + " completions of at most "
                + rollout.maxNewTokens() + " tokens, temperature " + rollout.temperature()
                + (rollout.topK() > 0 ? ", top_k " + rollout.topK() : "")
                + (rollout.topP() < 1 ? ", top_p " + rollout.topP() : "");
    }

    private static String learnsOf(TrainConfig config) {
        RolloutSection rollout = config.rollout();
        DynamicSamplingSection dynamic = rollout.dynamicSampling();
        String groups = dynamic == null
                ? "all groups"
                : "groups with different rewards, sampled in at most " + dynamic.maxAttempts() + " attempts";
        String truncated = switch (rollout.truncated()) {
            case KEEP -> "truncated completions like all others";
            case MASK -> "truncated completions left out";
            case PENALISE -> "the last " + rollout.overlongTokens() + " tokens penalised";
        };
        return groups + "; " + truncated
                + (config.training().positiveOnly() ? "; completions with negative advantages left out" : "");
    }

    private static String rewards(TrainConfig config) {
        String sum = config.rewards().stream()
                .map(reward -> reward.weight() + " × " + reward.name())
                .collect(Collectors.joining(" + "));
        String penalty = config.rollout().truncated() == Truncated.PENALISE ? " + 1.0 × overlong" : "";
        boolean apart = config.rewardsCombine() == RewardsCombine.NORMALISE_THEN_SUM;
        return sum + penalty + (apart ? ", each compared by itself" : "");
    }

    private static String advantage(ObjectiveConfig objective, Map<String, String> values) {
        return values.get("advantage")
                + (objective.needsCritic() ? " (γ " + objective.gamma() + ", λ " + objective.lambda() + ")" : "")
                + (objective.negativeClamp() == null ? "" : ", not below " + objective.negativeClamp());
    }

    private static String trace(ObjectiveConfig objective, Map<String, String> values) {
        return objective.trace() == Trace.NONE
                ? "none"
                : values.get("trace") + " (" + values.get("style") + ", γ " + objective.gamma() + ", λ "
                        + objective.lambda() + "), normalisation " + values.get("trace_normalisation");
    }

    private static String critic(CriticSection critic) {
        return "value head with learning rate " + critic.learningRate() + ", value loss × " + critic.valueCoefficient()
                + (critic.valueClip() == null ? "" : ", value clip " + critic.valueClip())
                + (critic.whiten() ? ", advantages whitened" : "")
                + (critic.detach() ? ", the policy's body left alone" : "");
    }

    private static String surrogate(ObjectiveConfig objective, Map<String, String> values) {
        return values.get("surrogate") + " " + objective.clipLow() + "/" + objective.clipHigh()
                + (objective.dualClip() == null ? "" : ", dual clip " + objective.dualClip()) + ", one ratio a "
                + values.get("ratio_level") + ", " + values.get("aggregation")
                + (objective.maxLength() == null ? "" : " over " + objective.maxLength());
    }

    private static String reference(TrainConfig config, Map<String, String> values) {
        ReferenceSection reference = config.reference();
        if (config.objective().beta() == 0) {
            return "none (β 0)";
        }
        return Settings.of(reference).get("policy") + ", β "
                + config.objective().beta() + ", " + values.get("kl")
                + (reference.syncEvery() > 0
                        ? ", follows every " + reference.syncEvery() + " steps with mixing " + reference.mixing()
                        : "");
    }

    private static Optional<String> others(Map<String, String> values) {
        Map<String, String> defaults = Settings.of(ObjectiveConfig.grpo());
        String text = values.entrySet().stream()
                .filter(entry -> !TOLD.contains(entry.getKey()))
                .filter(entry -> !entry.getValue().equals(defaults.get(entry.getKey())))
                .map(entry -> "objective." + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String training(TrainingSection training) {
        return training.steps() + " steps of " + training.optimiserStepsPerBatch() + " optimiser steps, seed "
                + training.seed();
    }

    private static String evaluation(TrainConfig config) {
        EvaluationSection evaluation = config.evaluation();
        if (evaluation == null) {
            return "none";
        }
        return evaluation.data().path() + ", " + evaluation.samples() + " samples a problem, "
                + (config.evalEvery() > 0 ? "every " + config.evalEvery() + " steps" : "at the start and the end");
    }
}
