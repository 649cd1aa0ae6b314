package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every golden case of the objective, in both types. The numbers come from an independent float64 reference; the
 * tolerances are the ones that come with them.
 */
class GoldenObjectiveTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> cases() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(GoldenObjectiveTest.class.getResource("/objective"))
                .toURI());
        List<Arguments> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                    cases.add(Arguments.of(file.getFileName().toString(), type, Files.readString(file)));
                }
            }
        }
        assertThat(cases).hasSize(2 * 31);
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("cases")
    void agreesWithTheReference(String file, DataType type, String json) throws IOException {
        JsonNode expected = JSON.readTree(json).get("expected");
        ObjectiveCase.Result result = ObjectiveCase.parse(json).run(type);
        JsonNode actual = JSON.readTree(JSON.writeValueAsString(result));

        boolean isDouble = type == DataType.DOUBLE;
        double relative = isDouble ? 1e-9 : 5e-6;
        assertThat(actual.get("name").asText() + ".json").isEqualTo(file);
        assertNumber("loss", actual.get("loss"), expected.get("loss"), relative);
        assertGradient(actual.get("grad_logp_new"), expected.get("grad_logp_new"), isDouble ? 1e-9 : 5e-5);
        assertThat(actual.get("advantages")).hasSameSizeAs(expected.get("advantages"));
        for (int i = 0; i < expected.get("advantages").size(); i++) {
            assertNumber(
                    "advantages",
                    actual.get("advantages").get(i),
                    expected.get("advantages").get(i),
                    1e-9);
        }
        assertThat(actual.get("metrics").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        () -> expected.get("metrics").fieldNames());
        for (Iterator<Map.Entry<String, JsonNode>> it = expected.get("metrics").fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> metric = it.next();
            assertNumber(metric.getKey(), actual.get("metrics").get(metric.getKey()), metric.getValue(), relative);
        }
    }

    private static void assertGradient(JsonNode actual, JsonNode expected, double relative) {
        double largest = 0;
        for (JsonNode row : expected) {
            for (JsonNode entry : row) {
                largest = Math.max(largest, Math.abs(entry.asDouble()));
            }
        }
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).hasSameSizeAs(expected.get(i));
            for (int t = 0; t < expected.get(i).size(); t++) {
                assertThat(actual.get(i).get(t).asDouble())
                        .as("gradient of token %d of completion %d", t, i)
                        .isCloseTo(expected.get(i).get(t).asDouble(), within(relative * largest));
            }
        }
    }

    private static void assertNumber(String what, JsonNode actual, JsonNode expected, double relative) {
        if (expected.isNull()) {
            assertThat(actual.isNull()).as(what).isTrue();
            return;
        }
        double tolerance = relative * Math.max(1, Math.abs(expected.asDouble()));
        assertThat(actual.asDouble()).as(what).isCloseTo(expected.asDouble(), within(tolerance));
    }
}
