package org.grpo4j.training.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.lora.LoraConfig;
import org.grpo4j.training.config.OptimiserSection;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.config.TrainingSection;
import org.grpo4j.training.config.TuningSection;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.Trace;
import org.grpo4j.training.report.Settings;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Trainable;

/** The settings that matter most, a line each, so that a run says at its start what it is. */
final class SettingLines {

    /** Switches of the objective that its line always names. */
    private static final Set<String> SAID =
            Set.of("trace", "style", "gamma", "lambda", "advantage", "surrogate", "clip_low", "clip_high", "beta");

    private SettingLines() {}

    static List<String> common(
            Policy policy, TuningSection tuning, ProblemSet problems, OptimiserSection optimiser, Path output) {
        DecoderConfig model = policy.config();
        return List.of(
                line(
                        "policy",
                        String.format(
                                Locale.ROOT,
                                "%s, %,d parameters, %d layers of width %d, vocabulary %d",
                                model.family().name().toLowerCase(Locale.ROOT),
                                policy.parameters().parameterCount(),
                                model.layers(),
                                model.width(),
                                model.vocabularySize())),
                line("trains", trains(policy, tuning)),
                line(
                        "data",
                        problems.size() + " problems from "
                                + problems.provenance().source()),
                line(
                        "optimiser",
                        "AdamW, learning rate "
                                + Double.toString(optimiser.learningRate()).replace('E', 'e')
                                + ", gradient norm at most " + optimiser.maxGradientNorm()),
                line("output", output.toString()));
    }

    private static String trains(Policy policy, TuningSection tuning) {
        Trainable trainable = policy.trainable(tuning);
        long trained = trainable.parameters().parameterCount();
        long all = trainable.model().parameterCount();
        LoraAdapter adapter = policy.checkpoint().adapter();
        String what;
        if (adapter != null) {
            LoraConfig lora = adapter.config();
            what = "LoRA of rank " + lora.rank() + ", scale " + lora.scale()
                    + (lora.dropout() > 0 ? ", dropout " + lora.dropout() : "") + ", on "
                    + String.join(", ", lora.targetsInOrder());
        } else if (tuning.lastLayers() != null) {
            what = "the last " + tuning.lastLayers() + " layers and the final norm";
        } else {
            what = "everything";
        }
        return String.format(
                Locale.ROOT, "%s: %,d of %,d parameters (%.3g %%)", what, trained, all, 100.0 * trained / all);
    }

    static List<String> reinforcement(TrainConfig config) {
        RolloutSection rollout = config.rollout();
        TrainingSection training = config.training();
        return List.of(
                line("objective", objective(config.objective())),
                line(
                        "rewards",
                        config.rewards().stream()
                                .map(reward -> reward.weight() + " × " + reward.name())
                                .collect(Collectors.joining(" + "))),
                line(
                        "rollout",
                        rollout.promptsPerStep() + " prompts × " + rollout.groupSize() + " completions of at most "
                                + rollout.maxNewTokens() + " tokens, temperature " + rollout.temperature()),
                line(
                        "training",
                        training.steps() + " steps of " + training.optimiserStepsPerBatch() + " optimiser steps, seed "
                                + training.seed()));
    }

    static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-10s %s", name, value);
    }

    private static String objective(ObjectiveConfig objective) {
        var values = Settings.of(objective);
        String trace = objective.trace() == Trace.NONE
                ? "no trace"
                : values.get("trace") + " (" + values.get("style") + ", γ " + objective.gamma() + ", λ "
                        + objective.lambda() + ")";
        return trace + ", advantage " + values.get("advantage") + ", " + values.get("surrogate") + " "
                + objective.clipLow() + "/" + objective.clipHigh() + ", β " + objective.beta() + further(values);
    }

    /** Every other switch that is not at its default. */
    private static String further(Map<String, String> objective) {
        Map<String, String> usual = Settings.of(ObjectiveConfig.grpo());
        return objective.entrySet().stream()
                .filter(entry -> !SAID.contains(entry.getKey()))
                .filter(entry -> !entry.getValue().equals(usual.get(entry.getKey())))
                .map(entry -> ", " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining());
    }
}
