package org.grpo4j.training.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.models.lora.AdapterFolder;

/**
 * The folder of a run: {@code metrics.jsonl}, {@code config.yaml}, {@code diagnoses.jsonl} if the run has something to
 * explain, checkpoints {@code checkpoint-N} and, at the end, the final checkpoint in the folder itself. What a checkpoint
 * holds is {@link CheckpointContent}'s matter, when one is written that of {@link Checkpoints}.
 */
public final class RunFolder {
    private static final String CHECKPOINT = "checkpoint-";
    /** Where checkpoints go that a run has left behind by going back to an earlier one. */
    private static final String SUPERSEDED = "superseded";

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

    /** The effective configuration, from which the run can be resumed or repeated. */
    public Path config() {
        return folder.resolve("config.yaml");
    }

    /** The file of {@link org.grpo4j.training.diagnosis.DiagnosisFile}. */
    public Path diagnoses() {
        return folder.resolve("diagnoses.jsonl");
    }

    /** The file of {@link org.grpo4j.training.diagnosis.UpdateFault}, written when a run stops because of one. */
    public Path fault() {
        return folder.resolve("fault.json");
    }

    String configYaml() {
        return configYaml;
    }

    /** Refuses to mix a new run with the files of another one, or of a model. */
    public void requireUnused() {
        for (String file : List.of("config.json", AdapterFolder.CONFIG)) {
            if (Files.exists(folder.resolve(file)) && !Files.exists(metrics())) {
                throw new InputException(folder + " holds a model (" + file
                        + "), which the run would write over; set output to another folder.");
            }
        }
        boolean resumable = Files.exists(folder.resolve(CheckpointContent.STATE))
                || !checkpointsIn(folder).isEmpty();
        if (Files.exists(metrics()) && !resumable) {
            throw new InputException(folder
                    + " holds a run that ended before its first checkpoint; remove the folder to start again, or set"
                    + " another output.");
        }
        if (resumable) {
            throw new InputException(
                    folder + " holds a run already; set another output, or go on with it by --resume " + folder + ".");
        }
    }

    /**
     * Makes the folder ready for a run that begins or goes on here: removes what a killed process has left half-written,
     * writes {@code config.yaml}, and puts checkpoints of later steps, which are about to be repeated, out of the way.
     *
     * @param step steps done
     * @return a line for each thing that was moved
     */
    public List<String> open(int step) throws IOException {
        Files.createDirectories(folder);
        AtomicFolder.removeLeftovers(folder);
        AtomicFolder.removeLeftovers(folder.resolve(CheckpointContent.STATE));
        writeConfig();
        List<String> moved = new ArrayList<>();
        if (Files.exists(fault())) {
            moved.add(fault() + " tells why the run stopped before, so it was moved to "
                    + putAside(fault(), fault().getFileName().toString()));
        }
        for (Path checkpoint : checkpointsIn(folder)) {
            if (stepOf(checkpoint) > step) {
                moved.add(supersede(checkpoint, checkpoint.getFileName().toString()));
            }
        }
        Path state = folder.resolve(CheckpointContent.STATE);
        int last = lastStep(folder);
        if (last > step) {
            moved.add(supersede(state, CheckpointContent.STATE + "-" + last));
        }
        return moved;
    }

    private String supersede(Path path, String name) throws IOException {
        return path + " is of a step that is about to be repeated, so it was moved to " + putAside(path, name);
    }

    private Path putAside(Path path, String name) throws IOException {
        Path target = folder.resolve(SUPERSEDED).resolve(name);
        Files.createDirectories(folder.resolve(SUPERSEDED));
        AtomicFolder.remove(target);
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        return target;
    }

    /** Writes {@code config.yaml}. */
    public void writeConfig() throws IOException {
        Files.createDirectories(folder);
        AtomicFile.writeString(config(), configYaml);
    }

    /** Where the checkpoint of a step goes. */
    Path checkpoint(int step) {
        return folder.resolve(CHECKPOINT + step);
    }

    /** The folders {@code checkpoint-N} in a folder by their steps, whether or not they are intact. */
    static List<Path> checkpointsIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> stepOf(path) >= 0 && Files.isDirectory(path))
                    .sorted(Comparator.comparingInt(RunFolder::stepOf))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The step in the name of a {@code checkpoint-N}; −1 for anything else. */
    static int stepOf(Path path) {
        String name = path.getFileName().toString();
        return name.matches(CHECKPOINT + "\\d{1,9}") ? Integer.parseInt(name.substring(CHECKPOINT.length())) : -1;
    }

    /** Steps of the final checkpoint in a folder; −1 if there is none that can be read. */
    private static int lastStep(Path folder) {
        Path state = folder.resolve(CheckpointContent.STATE_FILE);
        try {
            return Files.exists(state) ? RunState.read(state, 0).step() : -1;
        } catch (IOException | RuntimeException damaged) {
            return -1;
        }
    }
}
