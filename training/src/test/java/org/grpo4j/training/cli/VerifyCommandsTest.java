package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandsTest {

    private static final String PAIRS = """
            {"gold": "1/2", "answer": "So it is \\\\boxed{0.5}."}
            {"gold": "10", "answer": "So it is \\\\boxed{11}."}
            {"gold": "\\\\heartsuit", "answer": "So it is \\\\boxed{11}."}
            {"gold": "7", "answer_repeat": {"prefix": "\\\\boxed{", "unit": "(", "times": 9, "suffix": "7}"}}
            """;

    @TempDir
    Path folder;

    @Test
    void theReasonIsGiven() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), PAIRS);
        Cli run = Cli.run("verify", "--input", input);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .extracting(
                        line -> new ObjectMapper().readTree(line).get("reason").asText())
                .containsExactly("equal", "different value", "could not parse the gold", "could not parse the answer");
    }

    @Test
    void theBenchmarkReportsItsRateAndWhatItLeftOut() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), PAIRS);
        Cli run = Cli.run("bench", "verify", "--input", input, "--repeats", 1, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode result = new ObjectMapper().readTree(run.out());
        assertThat(result.get("pairs").asInt()).isEqualTo(3);
        assertThat(result.get("left_out").asInt()).isEqualTo(1);
        assertThat(result.get("correct").asInt()).isEqualTo(1);
        assertThat(result.get("pairs_per_second").asDouble()).isPositive();
    }

    @Test
    void aFileWithoutPairsIsRefused() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "\n");
        Cli run = Cli.run("bench", "verify", "--input", input);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("no pairs to check");
    }
}
