package org.grpo4j.training.diagnosis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;

/** Watches the metrics of a run and explains each symptom the first time it shows. One thread at a time. */
public final class RunDiagnosis {
    /** Share of clipped tokens above which most of a step's gradient is thrown away. */
    static final double MOST_CLIPPED = 0.5;

    /** Ten times what float32 leaves between two ways of computing the same log-probability. */
    static final double LARGEST_GAP = 1e-3;

    /** Where the objective holds the exponent of a ratio (objective, section 2). */
    static final double RATIO_LIMIT = 20;

    /** What rounding leaves of a loss whose terms cancel. */
    private static final double NO_LOSS = 1e-6;

    /** A first pass has ratios of 1, up to the gap between sampler and trainer. */
    private static final double ON_POLICY = 1e-3;

    private final BiFunction<Symptom, StepMetrics, String> explanations;
    private final boolean onePass;
    /** A critic learns from groups without spread too, and there may be one completion a group. */
    private final boolean comparesGroups;

    /** Groups that dynamic sampling looks for; 0 without it. */
    private final int groupsWanted;

    private final Set<Symptom> told = EnumSet.noneOf(Symptom.class);

    /** A diagnosis of a reinforcement run with these settings. */
    public RunDiagnosis(TrainConfig config) {
        this.explanations = new Explanations(config)::of;
        this.comparesGroups = !config.objective().needsCritic();
        this.groupsWanted = config.rollout().dynamicSampling() == null
                ? 0
                : config.rollout().promptsPerStep();
        this.onePass = config.training().optimiserStepsPerBatch() == 1;
    }

    /** A diagnosis of a supervised run, of whose metrics only those of the optimiser can show anything. */
    public RunDiagnosis(SftConfig config) {
        this.explanations = (symptom, metrics) -> Explanations.skippedUpdate(config.optimiser());
        this.comparesGroups = false;
        this.groupsWanted = 0;
        this.onePass = false;
    }

    /** What has been told so far, to be kept with the state of the run. */
    public Set<Symptom> told() {
        return Set.copyOf(told);
    }

    /** Takes up what a run has told before it was broken off. */
    public void resume(Set<Symptom> before) {
        told.addAll(before);
    }

    /** What this step shows for the first time, in the order of {@link Symptom}. */
    public List<Diagnosis> of(StepMetrics metrics) {
        List<Diagnosis> found = new ArrayList<>();
        for (Symptom symptom : Symptom.values()) {
            if (!told.contains(symptom) && shows(symptom, metrics)) {
                told.add(symptom);
                found.add(new Diagnosis(symptom, metrics.step(), explanations.apply(symptom, metrics)));
            }
        }
        return found;
    }

    private boolean shows(Symptom symptom, StepMetrics metrics) {
        return switch (symptom) {
            case NO_SPREAD -> comparesGroups && value(metrics, Metric.ZERO_SPREAD_FRACTION) == 1;
            case NOTHING_TO_LEARN ->
                (!comparesGroups || value(metrics, Metric.ZERO_SPREAD_FRACTION) < 1) && teachesNothing(metrics);
            case FEW_GROUPS ->
                value(metrics, Metric.USED_GROUPS) < groupsWanted && value(metrics, Metric.USED_GROUPS) > 0;
            case NO_MOVEMENT -> !teachesNothing(metrics) && value(metrics, Metric.GRADIENT_NORM) == 0;
            case CLIPPED -> clipped(metrics) > MOST_CLIPPED;
            case LOG_PROB_GAP -> value(metrics, Metric.LOG_PROB_GAP) > LARGEST_GAP;
            case ALL_TRUNCATED -> value(metrics, Metric.TRUNCATED_FRACTION) == 1;
            case GOLD_NOT_PARSED -> value(metrics, Metric.GOLD_NOT_PARSED_FRACTION) > 0;
            case RATIO_AT_LIMIT -> value(metrics, Metric.Z_ABS_MAX) >= RATIO_LIMIT;
            case SKIPPED_UPDATE -> value(metrics, Metric.SKIPPED_UPDATES) > 0;
            case ZERO_LOSS ->
                onePass
                        && !teachesNothing(metrics)
                        && Math.abs(value(metrics, Metric.LOSS)) < NO_LOSS
                        && value(metrics, Metric.Z_ABS_MAX) < ON_POLICY;
        };
    }

    private static boolean teachesNothing(StepMetrics metrics) {
        boolean noAdvantage = value(metrics, Metric.ADVANTAGE_MIN) == 0 && value(metrics, Metric.ADVANTAGE_MAX) == 0;
        return value(metrics, Metric.USED_FRACTION) == 0 || noAdvantage;
    }

    static double clipped(StepMetrics metrics) {
        return value(metrics, Metric.CLIP_FRACTION_LOW) + value(metrics, Metric.CLIP_FRACTION_HIGH);
    }

    /** NaN where there is none, with which no comparison holds. */
    static double value(StepMetrics metrics, Metric metric) {
        return metrics.value(metric).orElse(Double.NaN);
    }
}
