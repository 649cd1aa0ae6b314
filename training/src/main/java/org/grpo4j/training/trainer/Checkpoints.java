package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.training.config.CheckpointsSection;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a run as it goes: when one is due, which are kept, and the final one in the run's folder. */
final class Checkpoints {
    /** Without these a folder is no model, so they come last. */
    private static final Set<String> MARKERS = Set.of("config.json", AdapterFolder.CONFIG);

    private final RunFolder folder;
    private final CheckpointContent content;
    private final CheckpointsSection section;
    private final int every;
    private final LongSupplier nanoTime;
    private String provenance = "{}";
    private long lastWritten;
    /** The checkpoint of the step that the run is at, if there is one. */
    private @Nullable Path present;

    private int presentStep = -1;

    /**
     * @param every steps between checkpoints; 0 for none by steps
     * @param nanoTime the clock, in nanoseconds
     */
    Checkpoints(
            RunFolder folder, CheckpointContent content, CheckpointsSection section, int every, LongSupplier nanoTime) {
        this.folder = folder;
        this.content = content;
        this.section = section;
        this.every = every;
        this.nanoTime = nanoTime;
    }

    /** Takes up a checkpoint of any folder. */
    RunState resume(Path checkpoint, int rowsOfAStep) {
        RunState state = content.readFrom(checkpoint, rowsOfAStep);
        present = checkpoint;
        presentStep = state.step();
        return state;
    }

    /**
     * Starts the clock.
     *
     * @param json what is written as the provenance of every checkpoint
     */
    void begin(String json) {
        provenance = json;
        lastWritten = nanoTime.getAsLong();
    }

    /** Whether the state after a step is to be saved. */
    boolean isDue(RunState state) {
        boolean bySteps = every > 0 && state.step() % every == 0;
        boolean byTime =
                section.everyMinutes() > 0 && nanoTime.getAsLong() - lastWritten >= section.everyMinutes() * 60e9;
        boolean writesAny = every > 0 || section.everyMinutes() > 0;
        return bySteps || byTime || (writesAny && section.keepBest() > 0 && state.isBest());
    }

    /** Writes {@code checkpoint-N} in one step, removes what need not be kept any more, and returns it. */
    Path write(RunState state) throws IOException {
        Path written = writeOnly(state);
        prune(state.step());
        return written;
    }

    /** The checkpoint of a state, which is written unless the run has just come from it. Nothing is removed. */
    Path writeOnly(RunState state) throws IOException {
        Path known = present;
        if (known != null && presentStep == state.step()) {
            return known;
        }
        Path target = folder.checkpoint(state.step());
        Files.createDirectories(folder.path());
        try {
            AtomicFolder.replace(
                    target, temporary -> content.writeInto(temporary, state, folder.configYaml(), provenance));
        } catch (IOException e) {
            throw new IOException(
                    "the checkpoint " + target + " could not be written: " + reason(e)
                            + "; earlier checkpoints are as they were, so make room and go on with --resume "
                            + folder.path(),
                    e);
        }
        present = target;
        presentStep = state.step();
        lastWritten = nanoTime.getAsLong();
        return target;
    }

    /** What the disk said, without the name of a temporary file. */
    private static String reason(IOException e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return Objects.requireNonNullElse(first.getMessage(), first.getClass().getSimpleName());
    }

    /**
     * Puts the final checkpoint into the run's folder, beside its metrics. At every moment there is a complete one: {@code
     * checkpoint-N} is removed only after all of its files have their place.
     */
    void writeFinal(RunState state) throws IOException {
        Path whole = writeOnly(state);
        Path run = folder.path();
        if (isSame(whole, run)) {
            // A process that was killed after its last file had its place.
            AtomicFolder.remove(folder.checkpoint(state.step()));
            return;
        }
        List<String> before = Checksums.names(run);
        List<String> names = inOrder(whole);
        for (String name : names) {
            place(whole.resolve(name), run.resolve(name));
        }
        for (String name : before) {
            if (!names.contains(name)) {
                Files.deleteIfExists(run.resolve(name));
            }
        }
        if (isSame(whole, folder.checkpoint(state.step()))) {
            AtomicFolder.remove(whole);
        }
        present = run;
    }

    /** Large files are shared, small ones copied, because people edit small ones. */
    private static void place(Path from, Path to) throws IOException {
        if (from.toString().endsWith(".safetensors")) {
            AtomicFile.link(from, to);
        } else {
            AtomicFile.write(to, out -> Files.copy(from, out));
        }
    }

    /**
     * The files of a checkpoint in an order in which a folder that has only the first of them is no checkpoint, and no
     * model if it was none before: checksums after what they are of, the state after the checksums, the markers last.
     */
    static List<String> inOrder(Path checkpoint) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(checkpoint)) {
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            names.add(checkpoint.relativize(file).toString().replace('\\', '/')));
        }
        names.sort(Comparator.comparingInt(Checkpoints::rank).thenComparing(Comparator.naturalOrder()));
        return names;
    }

    private static int rank(String name) {
        return name.equals(Checksums.FILE)
                ? 1
                : name.equals(CheckpointContent.STATE_FILE) ? 2 : MARKERS.contains(name) ? 3 : 0;
    }

    private static boolean isSame(Path a, Path b) {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    /** Where the weights of an evaluation are, or null if they were not kept. */
    @Nullable
    Path of(HeldOutScore score) {
        if (presentStep == score.step()) {
            return present;
        }
        Path checkpoint = folder.checkpoint(score.step());
        return Files.isDirectory(checkpoint) ? checkpoint : null;
    }

    private void prune(int step) throws IOException {
        Integer keepLast = section.keepLast();
        if (keepLast == null) {
            return;
        }
        List<Path> all = RunFolder.checkpointsIn(folder.path()).stream()
                .filter(checkpoint -> RunFolder.stepOf(checkpoint) <= step)
                .toList();
        Set<Path> kept = new HashSet<>(all.subList(Math.max(0, all.size() - keepLast), all.size()));
        kept.addAll(best(all));
        for (Path checkpoint : all) {
            if (!kept.contains(checkpoint)) {
                AtomicFolder.remove(checkpoint);
            }
        }
    }

    /** Those with the highest accuracies, the earlier of two that are equal. */
    private List<Path> best(List<Path> all) {
        record Scored(Path checkpoint, double accuracy) {}
        List<Scored> scored = new ArrayList<>();
        for (Path checkpoint : all) {
            HeldOutScore heldOut = scoreOf(checkpoint);
            if (heldOut != null) {
                scored.add(new Scored(checkpoint, heldOut.accuracy()));
            }
        }
        scored.sort(Comparator.comparingDouble(Scored::accuracy).reversed());
        return scored.stream().limit(section.keepBest()).map(Scored::checkpoint).toList();
    }

    /** A checkpoint that cannot be read has no score, and goes when its turn comes. */
    private static @Nullable HeldOutScore scoreOf(Path checkpoint) {
        try {
            return RunState.read(checkpoint.resolve(CheckpointContent.STATE_FILE), 0)
                    .heldOut();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
