package org.grpo4j.training.quickstart;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.ProblemWriter;
import org.grpo4j.datasets.arithmetic.Arithmetic;
import org.grpo4j.datasets.arithmetic.NoisySteps;
import org.grpo4j.training.config.TrainConfig;

/**
 * The problems of a quickstart: sums of three numbers below 100, as an Arrow folder of three splits that share no problem.
 * Runs read them back from there, as they would read any other data.
 */
final class QuickstartData {
    /** Worked solutions with slips, one for each demonstration the warm start sees. */
    static final String DEMONSTRATIONS = "demonstrations";
    /** Problems to roll out, one for each prompt of a reinforcement run. */
    static final String TRAIN = "train";
    /** Problems that no run trains on, not even with their terms in another order. */
    static final String HELD_OUT = "held_out";

    private static final int HELD_OUT_PROBLEMS = 512;

    private QuickstartData() {}

    static Path folder(Path output) {
        return output.resolve("data");
    }

    /** Makes the problems and writes them. */
    static void write(QuickstartConfig config) {
        int shown = config.sft().training().steps() * config.sft().training().batchSize();
        int asked = Math.max(prompts(config.grpo()), prompts(config.grpoLambda()));
        Arithmetic.Splits splits = Arithmetic.DEFAULT.splits(shown + asked, heldOut(config), config.seed());
        Map<String, ProblemSet> parts = new LinkedHashMap<>();
        parts.put(DEMONSTRATIONS, noisy(splits.train().rows(0, shown), config.seed()));
        parts.put(TRAIN, splits.train().rows(shown, shown + asked));
        parts.put(HELD_OUT, splits.heldOut());
        ProblemWriter.writeSplits(folder(config.folder()), parts, false);
    }

    private static int prompts(TrainConfig config) {
        return config.training().steps() * config.rollout().promptsPerStep();
    }

    private static int heldOut(QuickstartConfig config) {
        Integer limit = config.heldOut().data().limit();
        return limit == null ? HELD_OUT_PROBLEMS : limit;
    }

    private static ProblemSet noisy(ProblemSet problems, long seed) {
        double probability = NoisySteps.DEFAULT_PROBABILITY;
        List<Problem> slipped = problems.stream()
                .map(problem -> NoisySteps.noisy(problem, seed, probability))
                .toList();
        return ProblemSet.of(problems.provenance().source() + " slips=" + probability, slipped);
    }
}
