package org.grpo4j.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grpo4j.datasets.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemSetTest {

    @TempDir
    Path folder;

    private Path lines(String... lines) throws IOException {
        return Files.writeString(folder.resolve("data.jsonl"), String.join("\n", lines));
    }

    @Test
    void gsm8kKeepsTheSolutionBesideTheAnswer() throws IOException {
        Path file = lines("{\"question\":\"How many?\",\"answer\":\"3+4=<<3+4=7>>7\\n#### 7\"}");
        Problem problem = ProblemSet.load(file).get(0);
        assertThat(problem.problem()).isEqualTo("How many?");
        assertThat(problem.answers()).containsExactly("7");
        assertThat(problem.solution()).isEqualTo("3+4=<<3+4=7>>7\n#### 7");
        assertThat(problem.id()).isEqualTo("0");
    }

    @Test
    void aReaderGivesBatches() throws IOException {
        Path file = lines(IntStream.range(0, 7)
                .mapToObj(i -> "{\"problem\":\"p\",\"answer\":" + i + "}")
                .toArray(String[]::new));
        try (ProblemReader reader = new ProblemReader(Table.open(file), ProblemColumns.BY_NAME)) {
            assertThat(reader.nextBatch(3)).extracting(Problem::answer).containsExactly("0", "1", "2");
            assertThat(reader.nextBatch(3)).hasSize(3);
            assertThat(reader.nextBatch(3)).extracting(Problem::answer).containsExactly("6");
            assertThat(reader.nextBatch(3)).isEmpty();
            assertThatThrownBy(() -> reader.nextBatch(0)).hasMessageContaining("size is 0");
        }
    }

    @Test
    void wholeFloatsAreWholeNumbersAndListsAreAlternatives() throws IOException {
        Path file = lines(
                "{\"problem\":\"a\",\"answer\":142.0,\"level\":2}",
                "{\"problem\":\"b\",\"answer\":-4.0}",
                "{\"problem\":\"c\",\"answer\":0.125}",
                "{\"problem\":\"d\",\"answer\":[\"9.6\\n\",\"9.7\"]}",
                "{\"problem\":\"e\",\"answer\":7}");
        ProblemSet problems = ProblemSet.load(file);
        assertThat(problems)
                .extracting(Problem::answers)
                .containsExactly(List.of("142"), List.of("-4"), List.of("0.125"), List.of("9.6", "9.7"), List.of("7"));
        assertThat(problems.get(0).extra()).isEqualTo(Map.of("level", 2L));
    }

    @Test
    void columnsAreFoundByNameOrSet() throws IOException {
        Path file = lines("{\"input\":\"p\",\"gt_answer\":\"1\",\"output\":\"so 1\",\"reward\":{\"truth\":\"2\"}}");
        Problem found = ProblemSet.load(file).get(0);
        assertThat(found.answer()).isEqualTo("1");
        assertThat(found.solution()).isEqualTo("so 1");
        Problem set = ProblemSet.load(file, ProblemColumns.of("output", "reward.truth"))
                .get(0);
        assertThat(set.problem()).isEqualTo("so 1");
        assertThat(set.answer()).isEqualTo("2");
    }

    @Test
    void aMissingColumnIsExplained() throws IOException {
        Path file = lines("{\"problem\":\"p\",\"difficulty\":1}");
        assertThatThrownBy(() -> ProblemSet.load(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no answer column")
                .hasMessageContaining("[problem, difficulty]")
                .hasMessageContaining("answer_column");
        assertThatThrownBy(() -> ProblemSet.load(file, ProblemColumns.of(null, "result")))
                .hasMessageContaining("no column \"result\"");
        DatasetDescription description = DatasetDescription.of(file, null, ProblemColumns.BY_NAME, 5);
        assertThat(description.noProblems()).contains("no answer column");
        assertThat(description.toMap()).containsEntry("rows", 1L).containsEntry("container", "JSON lines");
    }

    @Test
    void aRowWithoutAnAnswerIsNamed() throws IOException {
        Path file = lines("{\"problem\":\"p\",\"answer\":\"1\"}", "{\"problem\":\"q\",\"answer\":null}");
        assertThatThrownBy(() -> ProblemSet.load(file))
                .hasMessageContaining("row 1")
                .hasMessageContaining("\"answer\"");
    }

    @Test
    void writtenProblemsAreTheSameProblems() {
        ProblemSet problems = ProblemSet.of(
                "made",
                List.of(
                        new Problem("x1", "p\n∑", List.of("1", "2"), "s", Map.of("level", 3L, "hard", true)),
                        new Problem("x2", "", List.of("0"), null, Map.of("weight", 0.5))));
        Path target = folder.resolve("set");
        ProblemWriter.writeFolder(target, problems);
        ProblemSet loaded = ProblemSet.load(target);
        assertThat(loaded.get(0).answers()).containsExactly("1", "2");
        assertThat(loaded.get(0).extra()).containsEntry("level", 3L).containsEntry("hard", true);
        assertThat(loaded.get(1).extra()).containsEntry("weight", 0.5);
        assertThat(loaded).extracting(Problem::id).containsExactly("x1", "x2");
        assertThat(loaded.provenance().sha256()).isEqualTo(problems.provenance().sha256());
        ProblemWriter.writeStream(folder.resolve("a.arrow"), problems);
        assertThat(ProblemSet.load(folder.resolve("a.arrow"))).isEqualTo(loaded);
    }

    @Test
    void aPartHasItsOwnProvenance() throws IOException {
        ProblemSet all =
                ProblemSet.load(lines("{\"problem\":\"p\",\"answer\":\"1\"}", "{\"problem\":\"q\",\"answer\":\"2\"}"));
        ProblemSet part = all.rows(1, 2);
        assertThat(part).containsExactly(all.get(1));
        assertThat(part.provenance().source()).endsWith("[1:2]");
        assertThat(part.provenance().sha256()).isNotEqualTo(all.provenance().sha256());
        assertThatThrownBy(() -> all.rows(1, 3))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("0 to 2");
    }
}
