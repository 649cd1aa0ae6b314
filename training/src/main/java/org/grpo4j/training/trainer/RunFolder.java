package org.grpo4j.training.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.lora.AdapterFolder;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run: {@code metrics.jsonl}, {@code config.yaml}, {@code diagnoses.jsonl} if the run has something to
 * explain, checkpoints {@code checkpoint-N} and, at the end, the
 * final checkpoint in the folder itself. A checkpoint is a Hugging Face folder with {@code trainer_state/} beside the
 * weights: the optimiser's state, the number of steps done and the place in the data. All random choices derive from the
 * seed and these, so that is all a run needs to go on.
 */
public final class RunFolder {
    private static final String STATE = "trainer_state";
    private static final String REFERENCE = "reference.safetensors";
    private static final String DATA_POSITION = "data_position";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String configYaml;

    /**
     * A run's folder; nothing is created before something is written.
     *
     * @param configYaml the effective configuration, kept beside the weights
     */
    public RunFolder(Path folder, String configYaml) {
        this.folder = folder;
        this.configYaml = configYaml;
    }

    public Path path() {
        return folder;
    }

    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    /** The file of {@link org.grpo4j.training.diagnosis.DiagnosisFile}. */
    public Path diagnoses() {
        return folder.resolve("diagnoses.jsonl");
    }

    /** Refuses to mix a new run with the files of another one, or of a model. */
    public void requireUnused() {
        for (String file : List.of("config.json", AdapterFolder.CONFIG)) {
            if (Files.exists(folder.resolve(file)) && !Files.exists(metrics())) {
                throw new InputException(folder + " holds a model (" + file
                        + "), which the run would write over; set output to another folder.");
            }
        }
        if (Files.exists(metrics()) || Files.exists(folder.resolve(STATE))) {
            throw new InputException(
                    folder + " holds a run already; set another output, or go on with it by --resume " + folder + ".");
        }
    }

    /** Writes {@code config.yaml}. */
    public void writeConfig() throws IOException {
        Files.createDirectories(folder);
        AtomicFile.writeString(folder.resolve("config.yaml"), configYaml);
    }

    /** Writes {@code checkpoint-N} in one step and returns it. */
    Path writeCheckpoint(Policy policy, Optimiser optimiser, @Nullable ParameterStore reference, RunState run)
            throws IOException {
        Path target = folder.resolve("checkpoint-" + run.step());
        Files.createDirectories(folder);
        AtomicFolder.replace(target, temporary -> write(temporary, policy, optimiser, reference, run));
        return target;
    }

    /** Writes the final checkpoint into the run's folder, beside its metrics. */
    void writeFinal(Policy policy, Optimiser optimiser, @Nullable ParameterStore reference, RunState run)
            throws IOException {
        write(folder, policy, optimiser, reference, run);
    }

    private void write(
            Path target, Policy policy, Optimiser optimiser, @Nullable ParameterStore reference, RunState run)
            throws IOException {
        Path state = Files.createDirectories(target.resolve(STATE));
        policy.checkpoint().writeInto(target, TensorType.F32);
        optimiser.save(state.resolve("optimiser.safetensors"));
        if (reference != null) {
            SafetensorsWriter.write(state.resolve(REFERENCE), reference, TensorType.F32);
        }
        AtomicFile.writeString(state.resolve("config.yaml"), configYaml);
        String json = JSON.createObjectNode()
                .put("step", run.step())
                .put(DATA_POSITION, run.dataPosition())
                .toString();
        AtomicFile.writeString(state.resolve("state.json"), json);
    }

    /**
     * Takes up the state of a checkpoint and returns where it was.
     *
     * @param trainable whose parameters get the checkpoint's numbers; what does not train is the same as at the start
     * @param reference parameters of a reference that moves, or null
     * @param rowsOfAStep rows of the data a step uses: what tells the place in the data if the checkpoint is of an older
     *     version, which did not keep it
     */
    static RunState resume(
            Path checkpoint,
            Trainable trainable,
            Optimiser optimiser,
            @Nullable ParameterStore reference,
            int rowsOfAStep) {
        Path state = checkpoint.resolve(STATE);
        if (!Files.isDirectory(checkpoint)) {
            throw new InputException("There is no checkpoint " + checkpoint + " to resume from.");
        }
        if (!Files.isDirectory(state)) {
            throw new InputException(checkpoint + " has no " + STATE
                    + " folder, so no run can go on from it; give a checkpoint that a run has written, or start a new"
                    + " run with model.path.");
        }
        TrainedWeights.read(checkpoint, trainable);
        if (reference != null) {
            if (!Files.exists(state.resolve(REFERENCE))) {
                throw new InputException(checkpoint + " was saved by a run without a moving reference; resume with the"
                        + " reference.sync_every that it was started with.");
            }
            try (SafetensorsFile file = SafetensorsFile.open(state.resolve(REFERENCE))) {
                reference.names().forEach(name -> file.readInto(name, reference.get(name)));
            }
        }
        optimiser.load(state.resolve("optimiser.safetensors"));
        try {
            JsonNode json = JSON.readTree(Files.readString(state.resolve("state.json")));
            if (!json.path("step").isInt()) {
                throw new InputException(state.resolve("state.json") + " has no step; the checkpoint is damaged.");
            }
            int step = json.get("step").intValue();
            return new RunState(step, json.path(DATA_POSITION).asLong((long) step * rowsOfAStep));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
