package org.grpo4j.training.tensorboard;

import java.util.Locale;
import java.util.stream.Collectors;
import org.grpo4j.training.trainer.ScoredRollout;

/** A completion as Markdown: numbers in a line, texts as code, so that nothing in them is taken for Markdown or HTML. */
final class SampleMarkdown {

    private SampleMarkdown() {}

    static String of(ScoredRollout rollout) {
        String reward = rollout.score().isUsable()
                ? String.format(
                        Locale.ROOT,
                        "reward **%.3f** · advantage **%.3f**",
                        rollout.score().total().orElse(Double.NaN),
                        rollout.advantage())
                : "not scored";
        int tokens = rollout.completion().tokens().length;
        return reward + " · " + tokens + " tokens"
                + (rollout.completion().finished() ? "" : ", cut") + "\n\n**Problem**\n\n"
                + code(rollout.problem().problem()) + "\n\n**Completion**\n\n" + code(rollout.text()) + "\n";
    }

    /** An indented block: unlike a fenced one, no text can end it. */
    private static String code(String text) {
        return text.isBlank()
                ? "*(empty)*"
                : text.lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
    }
}
