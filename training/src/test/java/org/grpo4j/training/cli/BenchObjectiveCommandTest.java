package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchObjectiveCommandTest {
    private static final String SMALL = "bench objective --layers 1 --width 32 --heads 2 --kv-heads 1 --ffn 64"
            + " --vocabulary 50 --rows 3 --length 256 --batch 3 --step-length 16 --replicas 2 --repeats 4";

    @Test
    void everyStyleIsTimedByLengthAndInAStep() throws IOException {
        Cli run = Cli.run((Object[]) (SMALL + " --decay 0.9 --json").split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("decay").asDouble()).isEqualTo(0.9);
        assertThat(json.get("replicas").asInt()).isEqualTo(2);
        assertThat(json.get("share_basis").asText()).isEqualTo("seconds per token");
        assertThat(json.get("grpo_again_ratio").asDouble()).isPositive();
        double secondsOfToken = json.get("grpo_step_seconds").asDouble() / (3 * 16);
        for (String style : List.of("recent", "both")) {
            double seconds = json.get(style + "_seconds").asDouble();
            double half = json.get(style + "_half_seconds").asDouble();
            double quarter = json.get(style + "_quarter_seconds").asDouble();
            assertThat(quarter).isPositive();
            assertThat(json.get(style + "_half_growth").asDouble()).isCloseTo(half / quarter, within(1e-9));
            assertThat(json.get(style + "_growth").asDouble()).isCloseTo(seconds / half, within(1e-9));
            assertThat(json.get(style + "_share_of_step").asDouble())
                    .isCloseTo(seconds / (3 * 256) / secondsOfToken, within(1e-9));
            assertThat(json.get(style + "_step_ratio").asDouble()).isPositive();
        }
    }

    @Test
    void theTextSaysWhatTheSharesCompare() {
        Cli run = Cli.run((Object[]) SMALL.split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("both growth", "share basis", "seconds per token");
    }

    @Test
    void badSettingsAreRefused() {
        assertThat(refusal("--length 10")).contains("--length is 10", "multiple of 4");
        assertThat(refusal("--repeats 0")).contains("--repeats is 0 but must be at least 1");
        assertThat(refusal("--decay 1.5")).contains("1.5");
        assertThat(refusal("--step-length 1")).contains("length 1");
    }

    private static String refusal(String setting) {
        String others = SMALL.replaceAll(setting.split(" ")[0] + " \\S+ ?", "");
        Cli run = Cli.run((Object[]) (others + " " + setting).split(" +"));
        assertThat(run.exitCode()).isEqualTo(2);
        return run.err();
    }
}
