package org.grpo4j.training.diagnosis;

import java.util.Locale;
import org.grpo4j.training.config.DynamicSamplingSection;
import org.grpo4j.training.config.LoraSection;
import org.grpo4j.training.config.ModelSection.WeightsType;
import org.grpo4j.training.config.OptimiserSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.objective.ImportanceCorrection;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.RatioLevel;
import org.grpo4j.training.objective.Surrogate;
import org.grpo4j.training.objective.Trace;
import org.grpo4j.training.objective.TraceNormalisation;

/** Words for symptoms: what it is, its likely cause under the run's settings, and which setting to change. */
final class Explanations {
    private final TrainConfig config;

    Explanations(TrainConfig config) {
        this.config = config;
    }

    String of(Symptom symptom, StepMetrics metrics) {
        return switch (symptom) {
            case NO_SPREAD -> noSpread(RunDiagnosis.value(metrics, Metric.REWARD_MEAN));
            case NOTHING_TO_LEARN ->
                config.objective().needsCritic()
                        ? nothingForCritic(RunDiagnosis.value(metrics, Metric.USED_FRACTION))
                        : nothingToLearn();
            case FEW_GROUPS -> fewGroups(RunDiagnosis.value(metrics, Metric.USED_GROUPS));
            case NO_MOVEMENT -> noMovement();
            case CLIPPED -> clipped(RunDiagnosis.clipped(metrics));
            case LOG_PROB_GAP -> logProbGap(RunDiagnosis.value(metrics, Metric.LOG_PROB_GAP));
            case ALL_TRUNCATED -> allTruncated();
            case GOLD_NOT_PARSED -> goldNotParsed(RunDiagnosis.value(metrics, Metric.GOLD_NOT_PARSED_FRACTION));
            case RATIO_AT_LIMIT -> ratioAtLimit(RunDiagnosis.value(metrics, Metric.Z_ABS_MAX));
            case SKIPPED_UPDATE -> skippedUpdate(config.optimiser());
            case ZERO_LOSS -> zeroLoss(RunDiagnosis.value(metrics, Metric.GRADIENT_NORM));
        };
    }

    private String noSpread(double rewardMean) {
        String equal = "in each group all " + config.rollout().groupSize() + " rewards are equal (mean reward "
                + number(rewardMean) + "), so every advantage is 0 and the step learns nothing from the rewards; ";
        String cause = rewardMean > 0
                ? "the problems are too easy, or the rewards do not tell the completions apart: take harder problems, add"
                        + " a reward that does, raise rollout.temperature or rollout.group_size"
                : "the problems are too hard, or the answers are not found in the completions: look at the sample"
                        + " completions, start from an sft run, take easier problems, raise rollout.group_size, or add a"
                        + " reward that grades partial success such as {name: format}";
        // Where it is on already, as many problems as it may try were of no use.
        return equal
                + cause
                + (config.rollout().dynamicSampling() == null
                        ? "; rollout.dynamic_sampling: {max_attempts: 4} looks for problems that do teach"
                        : "");
    }

    private String nothingToLearn() {
        return "rewards differ, but every completion that takes part has advantage 0, so the rewards do not move the policy;"
                + " the completions that made the difference were left out because a reward failed on them or by a"
                + " setting: see the metrics used_fraction and reward_failures";
    }

    private static String nothingForCritic(double used) {
        return used == 0
                ? "no completion takes part, so the rewards do not move the policy: a reward failed on them or they were left"
                        + " out by a setting; see the metrics reward_failures and truncated_fraction"
                : "every token's advantage is 0, because all completions earn the same and the critic foretells it, so the"
                        + " rewards do not move the policy; if that is 0, the problems are too hard or the answers are not found"
                        + " in the completions: look at the sample completions, start from an sft run, take easier problems,"
                        + " or add a reward that grades partial success such as {name: format}";
    }

    private String fewGroups(double used) {
        DynamicSamplingSection dynamic = config.rollout().dynamicSampling();
        int attempts = dynamic == null ? 1 : dynamic.maxAttempts();
        return "after " + attempts + " attempts dynamic sampling has found " + number(used) + " of the "
                + config.rollout().promptsPerStep()
                + " groups that a step shall learn from, so the step is smaller: raise rollout.dynamic_sampling.max_attempts"
                + " or rollout.group_size, or take problems that the policy solves sometimes";
    }

    private String noMovement() {
        ObjectiveConfig objective = config.objective();
        boolean selects = objective.topEntropy() < 1 || objective.importanceCorrection() == ImportanceCorrection.MASKED;
        return "the rewards of a group differ and yet the gradient is 0, so no parameter moved; "
                + (selects
                        ? "the tokens that objective.top_entropy or objective.importance_correction leaves belong to"
                                + " completions without an advantage: let more tokens count"
                        : "every token is clipped: lower optimiser.learning_rate or"
                                + " training.optimiser_steps_per_batch, or widen objective.clip_low and"
                                + " objective.clip_high");
    }

    private String clipped(double fraction) {
        ObjectiveConfig objective = config.objective();
        if (objective.surrogate() == Surrogate.CISPO) {
            return number(100 * fraction)
                    + " % of the tokens have their weight capped at 1 + objective.clip_high; they keep their gradient, but the"
                    + " policy moves far within one rollout batch: lower optimiser.learning_rate or"
                    + " training.optimiser_steps_per_batch ("
                    + config.training().optimiserStepsPerBatch() + ")";
        }
        boolean sequences = objective.ratioLevel() == RatioLevel.SEQUENCE;
        return number(100 * fraction)
                + (sequences ? " % of the completions" : " % of the tokens")
                + " are clipped and have no gradient: the policy moves too far within"
                + " one rollout batch; lower optimiser.learning_rate or training.optimiser_steps_per_batch ("
                + config.training().optimiserStepsPerBatch() + ")"
                + (isTraced()
                        ? ", or the trace, which adds up the log-ratios of many tokens: lower objective.lambda ("
                                + objective.lambda() + ") or set objective.trace_normalisation: row"
                        : ", or widen objective.clip_low and objective.clip_high")
                + (sequences ? "; with one ratio a completion some tens of percent are usual" : "");
    }

    private String logProbGap(double gap) {
        String what = "the sampler and the trainer differ by " + number(gap)
                + " in the log-probability of a token"
                + (config.objective().importanceCorrection() == ImportanceCorrection.NONE
                        ? ", so ratios are not 1 on-policy; "
                        : ", which objective.importance_correction weighs down; ");
        LoraSection lora = config.tuning().lora();
        if (lora != null && lora.dropout() > 0) {
            return what + "tuning.lora.dropout is " + lora.dropout()
                    + " and drops in training only: set it to 0 unless that is meant";
        }
        if (config.model().weightsDtype() != WeightsType.FLOAT32) {
            return what
                    + "model.weights_dtype is narrow and rounds differently in products of few and of many rows: set it"
                    + " to float32 to see whether that is the cause";
        }
        if (config.model().adapter() != null) {
            return what + "the adapter may have a dropout, which works in training only: see lora_dropout in its"
                    + " adapter_config.json, else set rollout.pack_weights: false";
        }
        return what
                + "nothing in the settings explains it: set rollout.pack_weights: false, and report a defect if it stays";
    }

    private String allTruncated() {
        return "all completions were cut at rollout.max_new_tokens ("
                + config.rollout().maxNewTokens()
                + "), so no answer was finished; raise it, name a text that ends an answer in rollout.stop, or start from a"
                + " policy that ends its answers (an sft run)";
    }

    private static String goldNotParsed(double fraction) {
        return "the verifier cannot parse the gold answers of " + number(100 * fraction)
                + " % of this step's problems, for which only the same text counts as right; look at the answers with"
                + " grpo4j data, set data.answer_column, or take these rows out (metric gold_not_parsed_fraction counts"
                + " them in every step)";
    }

    private String ratioAtLimit(double z) {
        return "|z|, the exponent of a ratio, has reached " + number(z) + " and is held at "
                + number(RunDiagnosis.RATIO_LIMIT) + ", where it has no gradient; "
                + (isTraced()
                        ? "the trace adds up the log-ratios of many tokens: lower objective.lambda ("
                                + config.objective().lambda()
                                + ") or set objective.trace_normalisation: row, or lower optimiser.learning_rate"
                        : "the policy has left the one that sampled: lower optimiser.learning_rate or"
                                + " training.optimiser_steps_per_batch");
    }

    static String skippedUpdate(OptimiserSection optimiser) {
        return "loss or gradient was NaN or infinite, so the update was skipped: parameters and optimiser state are as they"
                + " were (metric skipped_updates counts them). The run stops after " + optimiser.maxSkippedUpdates()
                + " in a row (optimiser.max_skipped_updates) and then says which parameters and completions it was; lower"
                + " optimiser.learning_rate (" + optimiser.learningRate()
                + ") or optimiser.max_gradient_norm, or look for extreme rewards";
    }

    private static String zeroLoss(double gradientNorm) {
        return "the loss is 0 and that is expected: with one optimiser step a batch all ratios are 1, and the advantages of"
                + " a group add up to 0; its gradient is not 0 (norm " + number(gradientNorm)
                + "). Watch reward_mean and heldout_accuracy instead";
    }

    private boolean isTraced() {
        return config.objective().trace() == Trace.E_TRACE
                && config.objective().traceNormalisation() == TraceNormalisation.NONE;
    }

    /** Three digits, without the exponent of everyday sizes. */
    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value)
                .replaceAll("(\\.\\d*?)0+$", "$1")
                .replaceAll("\\.$", "");
    }
}
