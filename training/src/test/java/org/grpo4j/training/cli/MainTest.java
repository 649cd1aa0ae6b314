package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "trian",
                "devices --jsn",
                "bench",
                "bench sgemm --size",
                "bench sgemm --size x",
                "bench sgemm --size 0"
            })
    void badUsageIsOneSentenceAndExitCode2(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("grpo4j").doesNotContain("Exception");
    }

    @Test
    void theStackTraceIsForDebugging() {
        assertThat(run("bench", "sgemm", "--size", "0", "--debug")).isEqualTo(2);
        assertThat(err.toString()).contains("\tat org.grpo4j.training.cli.BenchSgemmCommand");
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(run("--help")).isZero();
        assertThat(run("devices", "--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("devices", "--output", "Java " + Runtime.version());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void devicesAreListedAsTextAndAsJson(@TempDir Path folder) throws IOException {
        assertThat(run("devices")).isZero();
        assertThat(out.toString()).contains("in use", "CUDA 11.6", "cannot be used");
        Path file = folder.resolve("devices.json");
        assertThat(run("devices", "--json", "--output", file.toString())).isZero();
        assertThat(new ObjectMapper()
                        .readTree(Files.readString(file))
                        .path("backends")
                        .isArray())
                .isTrue();
    }

    @Test
    void theYardstickIsOneLineOfJson() throws IOException {
        assertThat(run("bench", "sgemm", "--size", "64", "--repeats", "1", "--json"))
                .isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("sgemm_gflops")
                        .doubleValue())
                .isPositive();
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }
}
