package org.grpo4j.training.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.lora.LoraConfig;
import org.grpo4j.training.config.OptimiserSection;
import org.grpo4j.training.config.TuningSection;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Trainable;

/** The settings that every run has and that matter most, a line each, so that it says at its start what it is. */
final class SettingLines {

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

    static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-10s %s", name, value);
    }
}
