package org.grpo4j.training.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.grpo4j.framework.io.AtomicFile;

/**
 * The diagnoses of a run, one line of JSON each, {@code {"step":3,"symptom":"clipped","text":"…"}}. The file exists only if
 * there is one. A resumed run goes on with it, so that a symptom is told once a run and not once a start.
 */
public final class DiagnosisFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<Diagnosis> diagnoses;

    private DiagnosisFile(Path file, List<Diagnosis> diagnoses) {
        this.file = file;
        this.diagnoses = diagnoses;
    }

    /**
     * Opens the file of a run.
     *
     * @param lastStep diagnoses of later steps, which are about to be repeated, are dropped; 0 for a new run
     */
    public static DiagnosisFile resume(Path file, int lastStep) throws IOException {
        List<Diagnosis> kept = new ArrayList<>(
                read(file).stream().filter(told -> told.step() <= lastStep).toList());
        if (Files.exists(file)) {
            rewrite(file, kept);
        }
        return new DiagnosisFile(file, kept);
    }

    private static void rewrite(Path file, List<Diagnosis> kept) throws IOException {
        if (kept.isEmpty()) {
            Files.delete(file);
            return;
        }
        AtomicFile.writeString(file, kept.stream().map(DiagnosisFile::line).collect(Collectors.joining()));
    }

    private static String line(Diagnosis diagnosis) {
        return JSON.createObjectNode()
                        .put("step", diagnosis.step())
                        .put("symptom", diagnosis.symptom().key())
                        .put("text", diagnosis.text())
                        .toString()
                + "\n";
    }

    /** What a run has told; nothing if there is no file. */
    public static List<Diagnosis> read(Path file) throws IOException {
        List<Diagnosis> told = new ArrayList<>();
        if (Files.exists(file)) {
            // A process that is killed can leave half a letter, which must not keep the others from being read.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            text.lines().forEach(line -> read(line).ifPresent(told::add));
        }
        return told;
    }

    /** Writes a diagnosis, unless the run has told its symptom before; says whether it is new. */
    public boolean add(Diagnosis diagnosis) {
        if (diagnoses.stream().anyMatch(told -> told.symptom() == diagnosis.symptom())) {
            return false;
        }
        diagnoses.add(diagnosis);
        try {
            Files.writeString(file, line(diagnosis), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the diagnosis of step " + diagnosis.step() + " could not be written", e);
        }
        return true;
    }

    /** All of the run so far, in the order they were told. */
    public List<Diagnosis> diagnoses() {
        return List.copyOf(diagnoses);
    }

    /** Half a line, left by a process that was killed, is no diagnosis: its symptom will be told again. */
    private static Optional<Diagnosis> read(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            Symptom symptom = Symptom.of(node.path("symptom").asText());
            return Optional.of(new Diagnosis(
                    symptom, node.path("step").asInt(), node.path("text").asText()));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
