package org.grpo4j.training.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.TensorType;

/**
 * The live parts of a run that a checkpoint saves and gives back: a Hugging Face folder with {@code trainer_state/}
 * beside the weights.
 *
 * @param policy whose weights, or adapter, are saved with its tokenizer
 * @param trainable what of it gets the numbers of a checkpoint; the rest is the same as at the start
 * @param parts arrays kept beside the weights
 */
record CheckpointContent(Policy policy, Trainable trainable, List<StatePart> parts) {
    static final String STATE = "trainer_state";
    static final String STATE_FILE = STATE + "/state.json";

    CheckpointContent {
        parts = List.copyOf(parts);
    }

    /**
     * Writes all files into an empty folder, the list of checksums last.
     *
     * @param configYaml the effective configuration
     * @param provenance JSON of {@link RunProvenance}
     */
    void writeInto(Path folder, RunState run, String configYaml, String provenance) throws IOException {
        Path state = Files.createDirectories(folder.resolve(STATE));
        policy.checkpoint().writeInto(folder, TensorType.F32);
        for (StatePart part : parts) {
            part.writeInto(state);
        }
        AtomicFile.writeString(state.resolve("config.yaml"), configYaml);
        AtomicFile.writeString(state.resolve("provenance.json"), provenance);
        AtomicFile.writeString(folder.resolve(STATE_FILE), run.toJson());
        Checksums.write(folder);
    }

    /**
     * Takes up the state of a checkpoint and returns where it was.
     *
     * @param rowsOfAStep see {@link RunState#read}
     * @throws InputException if the folder is no checkpoint of such a run
     */
    RunState readFrom(Path checkpoint, int rowsOfAStep) {
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
        parts.forEach(part -> part.readFrom(state));
        try {
            return RunState.read(checkpoint.resolve(STATE_FILE), rowsOfAStep);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
