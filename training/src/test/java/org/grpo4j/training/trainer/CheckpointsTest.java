package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.CheckpointsSection;
import org.grpo4j.training.config.ModelSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.Symptom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When checkpoints are written, which are kept, and what is left when a file or a process breaks. */
class CheckpointsTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;

    private Path run;
    private Policy policy;
    private final List<String> told = new ArrayList<>();
    private long now;
    private boolean diskIsFull;

    @BeforeEach
    void open() throws IOException {
        TrainConfig config = TinyRun.train(temporary);
        run = temporary.resolve("run");
        policy = Policy.of(config.model(), 1);
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private Checkpoints checkpoints(int every, double minutes, Integer keepLast, int keepBest) {
        StatePart part = new StatePart(
                "part.txt",
                file -> {
                    Files.writeString(file, "half");
                    if (diskIsFull) {
                        throw new IOException("No space left on device");
                    }
                },
                file -> {},
                "missing");
        Checkpoints checkpoints = new Checkpoints(
                new RunFolder(run, "seed: 1"),
                new CheckpointContent(policy, Trainable.of(policy.model()), List.of(part)),
                new CheckpointsSection(minutes, keepLast, keepBest),
                every,
                () -> now);
        checkpoints.begin("{}");
        return checkpoints;
    }

    private static RunState at(int step) {
        return new RunState(step, 4L * step, 0, true, Set.of(), null, null, List.of());
    }

    /** A state with an evaluation; {@code best} as the run would know it. */
    private static RunState at(int step, double accuracy, HeldOutScore best) {
        return new RunState(step, 4L * step, 0, true, Set.of(), new HeldOutScore(step, accuracy), best, List.of());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> inside = Files.list(run)) {
            return inside.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStateIsReadBackAsItWas() throws IOException {
        RunState state = new RunState(
                7,
                31,
                2,
                true,
                Set.of(Symptom.CLIPPED, Symptom.NO_SPREAD),
                new HeldOutScore(7, 0.1 + 0.2),
                new HeldOutScore(3, 1.0 / 3),
                List.of(new Generator.Sizes(8, 64, 2, 16), new Generator.Sizes(0, 0, 0, 0)));
        Path file = Files.writeString(temporary.resolve("state.json"), state.toJson());
        assertThat(RunState.read(file, 5)).isEqualTo(state);
        assertThat(RunState.read(Files.writeString(file, at(7).toJson()), 5)).isEqualTo(at(7));
    }

    @Test
    void checkpointsAreDueBySteps() {
        Checkpoints checkpoints = checkpoints(3, 0, null, 1);
        assertThat(Stream.of(1, 2, 3, 4, 5, 6).filter(step -> checkpoints.isDue(at(step))))
                .containsExactly(3, 6);
        assertThat(checkpoints(0, 0, null, 1).isDue(at(3, 1, new HeldOutScore(3, 1))))
                .as("a run that writes none but the last")
                .isFalse();
    }

    @Test
    void checkpointsAreDueByTheClockAndForABetterEvaluation() throws IOException {
        Checkpoints checkpoints = checkpoints(0, 2, null, 1);
        now = 2 * MINUTE - 1;
        assertThat(checkpoints.isDue(at(1))).isFalse();
        now = 2 * MINUTE;
        assertThat(checkpoints.isDue(at(2))).isTrue();
        checkpoints.write(at(2));
        assertThat(checkpoints.isDue(at(3))).isFalse();
        assertThat(checkpoints.isDue(at(3, 0.5, new HeldOutScore(3, 0.5)))).isTrue();
        assertThat(checkpoints.isDue(at(4, 0.4, new HeldOutScore(3, 0.5)))).isFalse();
        now = 4 * MINUTE;
        assertThat(checkpoints.isDue(at(5))).isTrue();
    }

    @Test
    void theLastAndTheBestAreKept() throws IOException {
        Checkpoints checkpoints = checkpoints(1, 0, 2, 1);
        HeldOutScore best = new HeldOutScore(2, 0.9);
        checkpoints.write(at(1, 0.2, new HeldOutScore(1, 0.2)));
        checkpoints.write(at(2, 0.9, best));
        for (int step = 3; step <= 6; step++) {
            checkpoints.write(at(step, 0.9, best));
        }
        assertThat(names()).containsExactly("checkpoint-2", "checkpoint-5", "checkpoint-6");
        assertThat(checkpoints.of(best)).isEqualTo(run.resolve("checkpoint-2"));
        checkpoints(1, 0, 1, 0).write(at(7));
        assertThat(names()).containsExactly("checkpoint-7");
    }

    @Test
    void everyFileIsListedWithItsChecksum() throws IOException {
        Path checkpoint = checkpoints(1, 0, null, 1).write(at(1));
        try (Stream<Path> files = Files.walk(checkpoint)) {
            List<String> there = files.filter(Files::isRegularFile)
                    .map(file -> checkpoint.relativize(file).toString())
                    .filter(name -> !name.equals(Checksums.FILE))
                    .sorted()
                    .toList();
            assertThat(Checksums.names(checkpoint))
                    .containsExactlyElementsOf(there)
                    .hasSizeGreaterThan(5);
        }
        assertThat(Checksums.fault(checkpoint)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "trainer_state/part.txt", "trainer_state/state.json", "config.json"})
    void aDamagedCheckpointIsSkippedByNameAndThePreviousOneUsed(String file) throws IOException {
        Checkpoints checkpoints = checkpoints(1, 0, null, 1);
        for (int step = 1; step <= 4; step++) {
            checkpoints.write(at(step));
        }
        assertThat(find(run)).isEqualTo(new ResumePoint(run.resolve("checkpoint-4"), 4));
        assertThat(told).isEmpty();
        flipABit(run.resolve("checkpoint-4").resolve(file));
        truncate(run.resolve("checkpoint-3").resolve(file));
        assertThat(find(run)).isEqualTo(new ResumePoint(run.resolve("checkpoint-2"), 2));
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).contains("checkpoint-4/" + file + " is damaged", "SHA-256", "checkpoint-2 instead");
        assertThat(told.get(1)).contains("checkpoint-3/" + file + " is damaged", " bytes");
        assertThatThrownBy(() -> find(run.resolve("checkpoint-4")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file);
        Files.delete(run.resolve("checkpoint-2").resolve(file));
        Files.writeString(run.resolve("checkpoint-1").resolve(Checksums.FILE), "{\"model.saf");
        assertThatThrownBy(() -> find(run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("None of the 4 checkpoints")
                .hasMessageContaining("checkpoint-2/" + file + " is missing")
                .hasMessageContaining("checksums.json is damaged");
    }

    /** As a folder that was copied in part, or one that was emptied by hand. */
    @Test
    void aCheckpointWithoutItsStateIsDamagedToo() throws IOException {
        Checkpoints checkpoints = checkpoints(1, 0, null, 1);
        checkpoints.write(at(1));
        checkpoints.write(at(2));
        Files.delete(run.resolve("checkpoint-2").resolve(Checksums.FILE));
        Files.delete(run.resolve("checkpoint-2").resolve(CheckpointContent.STATE_FILE));
        Files.createDirectories(run.resolve("checkpoint-3"));
        assertThat(find(run)).isEqualTo(new ResumePoint(run.resolve("checkpoint-1"), 1));
        assertThat(told)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("state.json is missing", "checkpoint-1 instead"));
    }

    /** No text at all, rather than a text that is no JSON. */
    @Test
    void aFinalStateThatIsNoTextHindersNoRun() throws IOException {
        checkpoints(1, 0, null, 1).write(at(2));
        checkpoints(1, 0, null, 1).writeFinal(at(4));
        Files.write(run.resolve(CheckpointContent.STATE_FILE), new byte[] {'{', (byte) 0xff, (byte) 0xfe});
        assertThat(find(run)).isEqualTo(new ResumePoint(run.resolve("checkpoint-2"), 2));
        assertThat(new RunFolder(run, "").open(2)).isEmpty();
    }

    @Test
    void openingARunPutsTheDiagnosisOfAnEarlierEndAside() throws IOException {
        RunFolder folder = new RunFolder(run, "");
        folder.open(0);
        Files.writeString(folder.fault(), "{}");
        assertThat(folder.open(0)).singleElement().asString().contains("superseded/fault.json");
        assertThat(folder.fault()).doesNotExist();
        assertThat(run.resolve("superseded/fault.json")).hasContent("{}");
    }

    private ResumePoint find(Path folder) throws IOException {
        told.clear();
        return ResumePoint.find(folder, told::add);
    }

    private static void flipABit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    private static void truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Test
    void aFolderWithoutCheckpointsSaysSo() throws IOException {
        assertThatThrownBy(() -> find(run)).hasMessageContaining("There is no checkpoint");
        Files.createDirectories(run);
        assertThatThrownBy(() -> find(run)).hasMessageContaining("no trainer_state folder and no checkpoint-N");
        Files.writeString(run.resolve("metrics.jsonl"), "");
        assertThatThrownBy(() -> find(run)).hasMessageContaining("ended before its first checkpoint");
        assertThatThrownBy(() -> new RunFolder(run, "").requireUnused())
                .hasMessageContaining("ended before its first checkpoint");
    }

    @Test
    void aFullDiskLeavesEarlierCheckpointsAndNothingHalfWritten() throws IOException {
        Checkpoints checkpoints = checkpoints(1, 0, 1, 0);
        checkpoints.write(at(1));
        diskIsFull = true;
        assertThatThrownBy(() -> checkpoints.write(at(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checkpoint-2 could not be written: No space left on device")
                .hasMessageContaining("--resume " + run);
        assertThat(names()).containsExactly("checkpoint-1");
        assertThat(find(run).step()).isEqualTo(1);
        diskIsFull = false;
        checkpoints.write(at(2));
        assertThat(find(run).step()).isEqualTo(2);
    }

    @Test
    void theFinalCheckpointTakesThePlaceOfAnOlderOne() throws IOException {
        checkpoints(0, 0, null, 1).writeFinal(at(3));
        assertThat(find(run)).isEqualTo(new ResumePoint(run, 3));
        byte[] before = Files.readAllBytes(run.resolve("model.safetensors"));
        policy.parameters().get("model.norm.weight").addi(1);
        checkpoints(0, 0, null, 1).writeFinal(at(5));
        assertThat(find(run)).isEqualTo(new ResumePoint(run, 5));
        assertThat(told).isEmpty();
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isNotEqualTo(before);
        assertThat(names()).doesNotContain("checkpoint-3", "checkpoint-5").contains("config.json", "trainer_state");
    }

    /** Whatever part of the final checkpoint has its place when the process dies, a complete one is found. */
    @Test
    void aFinalCheckpointThatIsHalfInPlaceDestroysNothing() throws IOException {
        checkpoints(0, 0, null, 1).writeFinal(at(3));
        Path older = copy(run, "older");
        policy.parameters().get("model.norm.weight").addi(1);
        Path whole = checkpoints(0, 0, null, 1).writeOnly(at(5));
        List<String> names = Checkpoints.inOrder(whole);
        for (int placed = 0; placed <= names.size(); placed++) {
            Path broken = copy(older, "broken-" + placed);
            copy(whole, "broken-" + placed + "/checkpoint-5");
            Path fresh = temporary.resolve("fresh-" + placed);
            copy(whole, "fresh-" + placed + "/checkpoint-5");
            for (String name : names.subList(0, placed)) {
                for (Path target : List.of(broken, fresh)) {
                    Files.createDirectories(target.resolve(name).getParent());
                    Files.copy(whole.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            boolean all = placed == names.size();
            assertThat(find(broken).step()).isEqualTo(5);
            assertThat(find(fresh)).isEqualTo(new ResumePoint(all ? fresh : fresh.resolve("checkpoint-5"), 5));
            assertThat(Files.exists(fresh.resolve("config.json"))).as("a model").isEqualTo(all);
        }
    }

    private Path copy(Path folder, String name) throws IOException {
        Path target = temporary.resolve(name);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = target.resolve(folder.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        return target;
    }

    @Test
    void openingARunRemovesLeftoversAndPutsLaterCheckpointsAside() throws IOException {
        Checkpoints checkpoints = checkpoints(1, 0, null, 1);
        checkpoints.write(at(2));
        checkpoints.write(at(4));
        checkpoints.writeFinal(at(6));
        Path leftover = run.resolve(".checkpoint-5.0f0e0d0c-1111-2222-3333-444455556666.tmp");
        Files.createDirectories(leftover.resolve("trainer_state"));
        Files.writeString(leftover.resolve("trainer_state/optimiser.safetensors"), "half");
        Files.writeString(run.resolve(".hidden"), "the user's");
        RunFolder folder = new RunFolder(run, "seed: 1");
        assertThat(folder.open(2))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("superseded"));
        assertThat(names())
                .contains("checkpoint-2", ".hidden", "superseded", "model.safetensors")
                .doesNotContain(
                        "checkpoint-4", "trainer_state", leftover.getFileName().toString());
        assertThat(run.resolve("superseded")).isDirectoryContaining("glob:**/{checkpoint-4,trainer_state-6}");
        assertThat(find(run).step()).isEqualTo(2);
        assertThat(folder.open(2)).isEmpty();
    }

    @Test
    void aNewRunDoesNotMixWithTheCheckpointsOfAnother() throws IOException {
        checkpoints(1, 0, null, 1).write(at(2));
        assertThatThrownBy(() -> new RunFolder(run, "").requireUnused())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds a run already");
    }

    @Test
    void provenanceNamesEverythingTheWeightsComeFrom() throws IOException {
        Path base = temporary.resolve("base");
        policy.checkpoint().save(base);
        TrainConfig config = TinyRun.train(temporary);
        ModelSection model = new ModelSection(base, null, null, ModelSection.WeightsType.FLOAT32);
        String text = RunProvenance.of(42, model)
                .data("training", config.data(), Prompts.load(config.data()).provenance())
                .toJson();
        JsonNode json = JSON.readTree(text);
        assertThat(json.path("seed").asInt()).isEqualTo(42);
        assertThat(json.path("started").asText()).matches("20\\d\\d-.*Z");
        assertThat(json.at("/software/grpo4j").asText()).matches("\\d+\\..*");
        assertThat(json.at("/software/git_revision").asText()).matches("[0-9a-f]{40}|unknown");
        assertThat(json.at("/software/nd4j").asText()).isEqualTo("1.0.0-M2.1");
        assertThat(json.at("/software/java").asText())
                .isEqualTo(Runtime.version().toString());
        assertThat(json.at("/machine/cores").asInt()).isPositive();
        assertThat(json.at("/machine/memory_bytes").asLong()).isGreaterThan(1 << 20);
        assertThat(json.at("/data/training/problems").asInt()).isEqualTo(20);
        assertThat(json.at("/data/training/files/0/name").asText()).isEqualTo("problems.jsonl");
        assertThat(json.at("/model/base/files"))
                .anySatisfy(file -> assertThat(file.path("name").asText()).isEqualTo("model.safetensors"))
                .allSatisfy(file -> assertThat(file.path("sha256").asText()).hasSize(64));
    }
}
