package org.grpo4j.training.objective;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A batch of completions with everything the objective needs, as plain numbers: what the command {@code objective} reads.
 * Completion tokens only, ragged; N completions of T_i ≥ 1 tokens.
 *
 * @param rewards one a completion, {@code [N]}
 * @param groups group of each completion, any integers, {@code [N]}
 * @param logpNew log-probs under the trained policy, N lists of T_i
 * @param logpOld log-probs under the policy that sampled, the same shape
 * @param logpRef log-probs under the reference policy, the same shape, or null
 * @param entropies entropies of the trained policy, the same shape, or null; reported, and used by what
 *     asks for them
 * @param config the switches
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ObjectiveCase(
        double[] rewards,
        long[] groups,
        double[][] logpNew,
        double[][] logpOld,
        double @Nullable [][] logpRef,
        double @Nullable [][] entropies,
        ObjectiveConfig config) {

    private static final Set<String> FILE_KEYS = Set.of("name", "why", "case", "expected");
    private static final Set<String> CASE_KEYS =
            Set.of("rewards", "groups", "logp_new", "logp_old", "logp_ref", "entropies", "config");

    /** @throws IllegalArgumentException naming the field and entry that does not fit */
    public ObjectiveCase {
        requirePresent("rewards", rewards);
        requirePresent("groups", groups);
        requirePresent("logp_new", logpNew);
        requirePresent("logp_old", logpOld);
        requirePresent("config", config);
        if (rewards.length == 0) {
            throw new IllegalArgumentException("rewards is empty; give at least one completion");
        }
        requireCount("groups", groups.length, rewards.length);
        requireCount("logp_new", logpNew.length, rewards.length);
        for (int i = 0; i < logpNew.length; i++) {
            if (logpNew[i] == null || logpNew[i].length == 0) {
                throw new IllegalArgumentException(
                        "logp_new[" + i + "] is an empty completion; every completion needs at least one token");
            }
        }
        requireFinite("logp_new", logpNew);
        requireShape("logp_old", logpOld, logpNew);
        requireShape("logp_ref", logpRef, logpNew);
        requireShape("entropies", entropies, logpNew);
        if (config.beta() > 0 && logpRef == null) {
            throw new IllegalArgumentException("config.beta is " + config.beta()
                    + " but logp_ref is null; give the log-probs of the reference policy or set beta: 0");
        }
        if (entropies == null && (config.entropyBonus() > 0 || config.needsEntropies())) {
            throw new IllegalArgumentException(
                    "entropies is null but the config has an entropy_bonus or takes the tokens"
                            + " of top entropy; give the entropies of the policy");
        }
        if (config.needsCritic()) {
            throw new IllegalArgumentException(
                    "config.advantage is gae, which needs the values of a critic, but a case has"
                            + " rewards only; set another advantage");
        }
        if (config.lambdaSchedule() != null || config.matchGradientNorm() != GradientMatch.NONE) {
            throw new IllegalArgumentException(
                    "config has a lambda_schedule or match_gradient_norm, which belong to a run"
                            + " and not to one batch; give the lambda of the step, and leave both out");
        }
        if (config.importanceCorrection() != ImportanceCorrection.NONE) {
            throw new IllegalArgumentException("config.importance_correction needs log-probs of the old policy from the"
                    + " sampler and from the trainer, but a case has logp_old only; set importance_correction: none");
        }
    }

    /** A case with the name its file gives it. */
    public record Named(String name, ObjectiveCase batch) {
        /** See {@link ObjectiveCase#run}. */
        public Result run(DataType type) {
            return batch.run(name, type);
        }
    }

    /**
     * Reads {@code {"name": …, "case": {…}}}; {@code why} and {@code expected} may be there too and are not used.
     *
     * @throws IllegalArgumentException with a readable sentence on what is wrong where
     */
    public static Named parse(String json) {
        JsonNode file;
        try {
            // Editors of some systems put a byte order mark in front.
            file = ObjectiveJson.MAPPER.readTree(json.startsWith("\uFEFF") ? json.substring(1) : json);
        } catch (JsonProcessingException broken) {
            String where = broken.getLocation() == null
                    ? ""
                    : " in line " + broken.getLocation().getLineNr() + ", column "
                            + broken.getLocation().getColumnNr();
            throw new IllegalArgumentException("this is not valid JSON" + where + ": " + broken.getOriginalMessage());
        }
        if (!file.isObject() || !file.path("case").isObject()) {
            throw new IllegalArgumentException("a case file must be an object with the keys \"name\" and \"case\"");
        }
        ObjectiveJson.requireKnownKeys(file, FILE_KEYS);
        // A misspelt key would otherwise be reported as a missing one.
        ObjectiveJson.requireKnownKeys(file.get("case"), CASE_KEYS);
        return new Named(file.path("name").asText(""), ObjectiveJson.read(file.get("case"), ObjectiveCase.class));
    }

    /**
     * Loss, gradient, advantages and metrics, computed by the graph that trains, with the log-probs in place of the policy.
     *
     * @param name passed on to the result
     * @param type FLOAT, as training does, or DOUBLE
     */
    public Result run(String name, DataType type) {
        double[] advantages = Advantages.of(config, rewards, numbered(groups));
        BatchTotals totals = BatchTotals.of(lengths());
        int time = Arrays.stream(lengths()).max().orElseThrow();
        TokenFactors factors = entropies == null
                ? TokenFactors.ONES
                : TokenFactors.of(config, TokenFactors.FirstPass.withoutGaps(entropies));
        TokenWeights weights = TokenWeights.of(config, advantages, lengths(), totals, factors, rewards.length, time);
        ObjectiveGraph.Tokens tokens = new ObjectiveGraph.Tokens(
                padded(logpNew, time),
                padded(logpOld, time),
                logpRef == null ? null : padded(logpRef, time),
                entropies == null ? null : padded(entropies, time));
        ObjectiveGraph.Evaluation evaluation;
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, type)) {
            evaluation = graph.evaluate(weights, tokens);
        }
        List<double[]> gradient = IntStream.range(0, rewards.length)
                .mapToObj(i -> Arrays.copyOf(evaluation.gradient()[i], logpNew[i].length))
                .toList();
        return new Result(
                name, evaluation.loss(), gradient, advantages, evaluation.sums().over(config, totals));
    }

    /** The groups by numbers from 0 on. */
    private static int[] numbered(long[] groups) {
        long[] distinct = Arrays.stream(groups).distinct().sorted().toArray();
        return Arrays.stream(groups)
                .mapToInt(group -> Arrays.binarySearch(distinct, group))
                .toArray();
    }

    private static double[][] padded(double[][] ragged, int time) {
        return Arrays.stream(ragged).map(row -> Arrays.copyOf(row, time)).toArray(double[][]::new);
    }

    /** Number of completion tokens of each completion. */
    int[] lengths() {
        return Arrays.stream(logpNew).mapToInt(row -> row.length).toArray();
    }

    private static void requirePresent(String field, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(
                    field + " is missing; a case needs rewards, groups, logp_new, logp_old and" + " config");
        }
    }

    private static void requireCount(String field, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    field + " has " + found + " entries but there are " + expected + " rewards; give one a completion");
        }
    }

    private static void requireShape(String field, double @Nullable [][] rows, double[][] like) {
        if (rows == null) {
            return;
        }
        requireCount(field, rows.length, like.length);
        for (int i = 0; i < rows.length; i++) {
            int found = rows[i] == null ? 0 : rows[i].length;
            if (found != like[i].length) {
                throw new IllegalArgumentException(
                        field + "[" + i + "] has " + found + " tokens but logp_new[" + i + "] has " + like[i].length);
            }
        }
        requireFinite(field, rows);
    }

    private static void requireFinite(String field, double[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            for (int t = 0; t < rows[i].length; t++) {
                if (!Double.isFinite(rows[i][t])) {
                    throw new IllegalArgumentException(
                            field + "[" + i + "][" + t + "] is " + rows[i][t] + " but must be a finite number");
                }
            }
        }
    }

    /**
     * What the objective says about a case, in the form of the command's output.
     *
     * @param name name of the case
     * @param loss the loss to minimise
     * @param gradLogpNew derivative of the loss in every entry of logp_new, in its ragged shape
     * @param advantages one a completion, after the negative clamp
     * @param metrics see {@link ObjectiveMetrics}
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Result(
            String name, double loss, List<double[]> gradLogpNew, double[] advantages, ObjectiveMetrics metrics) {}
}
