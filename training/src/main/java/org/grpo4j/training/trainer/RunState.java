package org.grpo4j.training.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.training.diagnosis.Symptom;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is, beside its arrays. All random choices derive from the seed and the first two of these numbers.
 *
 * @param step steps done
 * @param dataPosition rows of the data used so far, over all epochs: the next step begins there
 * @param skippedInARow updates skipped since the last that was taken
 * @param moved whether some update has been seen to move the parameters
 * @param told symptoms that the run has explained
 * @param heldOut evaluation after this very step, or null
 * @param best the best evaluation so far, the earliest of several; null before the first
 * @param samplers sizes of the plans that sample, on which the last bits of log-probabilities depend
 */
record RunState(
        int step,
        long dataPosition,
        int skippedInARow,
        boolean moved,
        Set<Symptom> told,
        @Nullable HeldOutScore heldOut,
        @Nullable HeldOutScore best,
        List<Generator.Sizes> samplers) {
    static final RunState START = new RunState(0, 0, 0, false, Set.of(), null, null, List.of());

    private static final String STEP = "step";
    private static final String DATA_POSITION = "data_position";
    private static final String SKIPPED_IN_A_ROW = "skipped_in_a_row";
    private static final String MOVED = "moved";
    private static final String TOLD = "told";
    private static final String HELD_OUT = "heldout";
    private static final String BEST = "best";
    private static final String ACCURACY = "accuracy";
    private static final String SAMPLERS = "samplers";
    private static final ObjectMapper JSON = new ObjectMapper();

    RunState {
        told = Set.copyOf(told);
        samplers = List.copyOf(samplers);
    }

    /** Whether the evaluation after this step is better than all before it. */
    boolean isBest() {
        return heldOut != null && heldOut.equals(best);
    }

    /** The same with samplers that an evaluation may have let grow. */
    RunState withSamplers(List<Generator.Sizes> sizes) {
        return new RunState(step, dataPosition, skippedInARow, moved, told, heldOut, best, sizes);
    }

    String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put(STEP, step)
                .put(DATA_POSITION, dataPosition)
                .put(SKIPPED_IN_A_ROW, skippedInARow)
                .put(MOVED, moved);
        ArrayNode symptoms = json.putArray(TOLD);
        told.stream().sorted().forEach(symptom -> symptoms.add(symptom.key()));
        put(json, HELD_OUT, heldOut);
        put(json, BEST, best);
        ArrayNode sizes = json.putArray(SAMPLERS);
        for (Generator.Sizes sampler : samplers) {
            sizes.addArray()
                    .add(sampler.decodeRows())
                    .add(sampler.capacity())
                    .add(sampler.prefillRows())
                    .add(sampler.prefillTime());
        }
        return json.toString();
    }

    private static void put(ObjectNode json, String key, @Nullable HeldOutScore score) {
        if (score != null) {
            json.putObject(key).put(STEP, score.step()).put(ACCURACY, score.accuracy());
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param rowsOfAStep rows of the data a step uses: what tells the place in the data if the file is of an older
     *     version, which did not keep it
     * @throws InputException if the file says nothing about a run
     */
    static RunState read(Path file, int rowsOfAStep) throws IOException {
        JsonNode json = JSON.readTree(Files.readString(file));
        if (!json.path(STEP).isInt()) {
            throw new InputException(file + " has no step; the checkpoint is damaged.");
        }
        int step = json.get(STEP).intValue();
        EnumSet<Symptom> told = EnumSet.noneOf(Symptom.class);
        json.path(TOLD).forEach(symptom -> told.add(Symptom.of(symptom.asText())));
        List<Generator.Sizes> samplers = new ArrayList<>();
        json.path(SAMPLERS)
                .forEach(sizes -> samplers.add(new Generator.Sizes(
                        sizes.path(0).asInt(),
                        sizes.path(1).asInt(),
                        sizes.path(2).asInt(),
                        sizes.path(3).asInt())));
        return new RunState(
                step,
                json.path(DATA_POSITION).asLong((long) step * rowsOfAStep),
                json.path(SKIPPED_IN_A_ROW).asInt(0),
                json.path(MOVED).asBoolean(false),
                told,
                score(json.path(HELD_OUT)),
                score(json.path(BEST)),
                samplers);
    }

    private static @Nullable HeldOutScore score(JsonNode json) {
        return json.isObject()
                ? new HeldOutScore(json.path(STEP).asInt(), json.path(ACCURACY).asDouble())
                : null;
    }
}
