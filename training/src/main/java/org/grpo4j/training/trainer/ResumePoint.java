package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.grpo4j.framework.InputException;

/**
 * A checkpoint from which a run can go on.
 *
 * @param folder that holds it: {@code checkpoint-N}, or the folder of a run that has ended
 * @param step steps done
 */
public record ResumePoint(Path folder, int step) {

    /**
     * The newest intact checkpoint that a user means by a folder: the folder itself, if it is one, or one of those in it.
     *
     * @param told gets a line for each newer one that is damaged
     * @throws InputException if there is none, or none is intact
     */
    public static ResumePoint find(Path folder, Consumer<String> told) throws IOException {
        List<ResumePoint> all = allIn(folder);
        if (all.isEmpty()) {
            throw none(folder);
        }
        List<String> faults = new ArrayList<>();
        for (ResumePoint point : all) {
            Optional<String> fault = fault(point.folder);
            if (fault.isEmpty()) {
                faults.forEach(line -> told.accept(line + "; going on from " + point.folder + " instead"));
                return point;
            }
            faults.add(fault.get());
        }
        throw new InputException(
                all.size() == 1
                        ? faults.get(0) + ", so no run can go on from " + all.get(0).folder
                                + "; give another checkpoint of the run, or start it again."
                        : "None of the " + all.size() + " checkpoints in " + folder + " is intact ("
                                + String.join("; ", faults) + "); start the run again.");
    }

    /** Without a list of checksums nothing else tells that the state is missing. */
    private static Optional<String> fault(Path checkpoint) throws IOException {
        Path state = checkpoint.resolve(CheckpointContent.STATE_FILE);
        return Files.isRegularFile(state) ? Checksums.fault(checkpoint) : Optional.of(state + " is missing");
    }

    /** Newest first; of two of the same step, the final checkpoint in the run's folder. */
    private static List<ResumePoint> allIn(Path folder) throws IOException {
        List<ResumePoint> found = new ArrayList<>();
        if (Files.isRegularFile(folder.resolve(CheckpointContent.STATE_FILE))) {
            found.add(new ResumePoint(folder, stepOf(folder)));
        }
        for (Path checkpoint : RunFolder.checkpointsIn(folder)) {
            found.add(new ResumePoint(checkpoint, RunFolder.stepOf(checkpoint)));
        }
        found.sort(Comparator.comparingInt(ResumePoint::step).reversed());
        return found;
    }

    /** A folder whose state cannot be read will turn out to be damaged; until then it counts as the newest. */
    private static int stepOf(Path folder) {
        try {
            return RunState.read(folder.resolve(CheckpointContent.STATE_FILE), 0)
                    .step();
        } catch (IOException | RuntimeException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static InputException none(Path folder) {
        if (!Files.isDirectory(folder)) {
            return new InputException("There is no checkpoint " + folder + " to resume from.");
        }
        if (Files.exists(folder.resolve("metrics.jsonl"))) {
            return new InputException(folder
                    + " holds a run that ended before its first checkpoint, so there is nothing to go on from; remove the"
                    + " folder and start it again, with checkpoint_every or checkpoints.every_minutes.");
        }
        return new InputException(folder + " has no " + CheckpointContent.STATE
                + " folder and no checkpoint-N, so no run can go on from it; give a checkpoint that a run has written, or"
                + " start a new run with model.path.");
    }
}
