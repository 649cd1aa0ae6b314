package org.grpo4j.training.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grpo4j.framework.io.AtomicFile;

/**
 * The folder {@code rollouts} of a run: a file {@code step-N.json} for each step that is kept, in the format of
 * {@link StepJson}. A file appears whole or not at all, so it can be read at any time.
 *
 * @param folder made with the first file
 */
public record RolloutFiles(Path folder) {

    /**
     * Steps kept beside the latest, after thinning 32 to 64: about as many as a slider has places on a screen.
     */
    static final int MOST_STEPS = 64;

    /** Limit of one file; with {@link #MOST_STEPS} it keeps the folder below 33 MB however long the run is. */
    static final int MOST_BYTES = 500_000;

    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The rollouts of a run's folder. */
    public static RolloutFiles of(Path runFolder) {
        return new RolloutFiles(runFolder.resolve("rollouts"));
    }

    /** The steps that are there, ascending; none if the run has kept none. */
    public List<Integer> steps() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Integer> steps = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && Files.isRegularFile(file)) {
                    steps.add(Integer.parseInt(name.group(1)));
                }
            }
        }
        steps.sort(null);
        return steps;
    }

    /** A step's JSON as it lies on the disk; empty if the step is not kept, or not any more. */
    public Optional<byte[]> bytes(int step) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(step)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * As many steps as fit into a number of bytes: the latest, the first, and others at even distances between them.
     *
     * @return ascending, parsed; without files that hold no step
     */
    public List<JsonNode> spread(long bytes) throws IOException {
        List<Integer> all = steps();
        for (int count = all.size(); count > 0; count--) {
            List<Integer> chosen = evenly(all, count);
            long size = 0;
            for (int step : chosen) {
                size += Files.size(file(step));
            }
            if (size <= bytes || count == 1) {
                return read(chosen);
            }
        }
        return List.of();
    }

    private static List<Integer> evenly(List<Integer> all, int count) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // One step alone is the latest.
            int at = count == 1 ? all.size() - 1 : (int) ((long) i * (all.size() - 1) / (count - 1));
            chosen.add(all.get(at));
        }
        return chosen;
    }

    private List<JsonNode> read(List<Integer> steps) throws IOException {
        List<JsonNode> result = new ArrayList<>();
        for (int step : steps) {
            parse(Files.readAllBytes(file(step))).ifPresent(result::add);
        }
        return result;
    }

    /** Only a crash or another program can have damaged a file, and a page without its step is better than none. */
    private static Optional<JsonNode> parse(byte[] json) {
        try {
            return Optional.of(JSON.readTree(json)).filter(StepJson::isStep);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(int step, byte[] json) throws IOException {
        AtomicFile.write(file(step), out -> out.write(json));
    }

    /** Removes what does not stay when {@code latest} is the last step. */
    void thin(int latest) throws IOException {
        for (int step : steps()) {
            if (!KeptSteps.stays(step, latest, MOST_STEPS)) {
                Files.deleteIfExists(file(step));
            }
        }
    }

    /**
     * Removes the steps after {@code lastStep}, which are about to be repeated, and what a process left that was killed
     * while it wrote.
     */
    void dropAfter(int lastStep) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, ".step-*.tmp")) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        }
        for (int step : steps()) {
            if (step > lastStep) {
                Files.deleteIfExists(file(step));
            }
        }
    }

    private Path file(int step) {
        return folder.resolve("step-" + step + ".json");
    }
}
