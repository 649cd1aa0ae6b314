package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTokenizeCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void save() throws IOException {
        try (Tokenizer tokenizer = CharacterTokenizer.of("0123456789+=")) {
            tokenizer.save(folder);
        }
    }

    @Test
    void allTextsAreEncodedAndDecoded() throws IOException {
        Cli run = bench("{\"text\": \"1+1=2\"}\n{\"text\": \"12\"}\n", "--threads", "3", "--repeats", "2", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("texts").asInt()).isEqualTo(2);
        assertThat(json.get("tokens").asInt()).isEqualTo(7);
        assertThat(json.get("threads").asInt()).isEqualTo(3);
        for (String work : List.of("encode", "decode")) {
            assertThat(json.get(work + "_tokens_per_second").asDouble()).isPositive();
            assertThat(json.get(work + "_tokens_per_second_threads").asDouble()).isPositive();
        }
    }

    @Test
    void nothingToMeasureIsBadInput() throws IOException {
        Cli run = bench("{\"text\": \"\"}\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("there is no text to measure with");
    }

    private Cli bench(String lines, Object... options) throws IOException {
        Path input = Files.writeString(folder.resolve("texts.jsonl"), lines);
        Object[] fixed = {"bench", "tokenize", "--tokenizer", folder, "--input", input};
        Object[] all = new Object[fixed.length + options.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(options, 0, all, fixed.length, options.length);
        return Cli.run(all);
    }
}
