package org.grpo4j.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.Symptom;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final String HOSTILE =
            "</script></pre><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u2028'\"&<!--";

    @Test
    void thePageStandsAlone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run/report.html");
        Report report = example();
        report.write(file);
        String page = Files.readString(file);
        assertThat(page.replace("<link rel=\"icon\" href=\"data:,\">", ""))
                .doesNotContainPattern("(src|href)\\s*=\\s*[\"']?(https?:|//)")
                .doesNotContain("<link", "@import");
        assertThat(page).contains("Mean reward", "GRPO-λ", "objective.lambda", "prefers-color-scheme: dark");
    }

    @Test
    void whatAModelWritesStaysText() {
        RunSeries run = new RunSeries(
                HOSTILE,
                Map.of(HOSTILE, HOSTILE),
                List.of(StepMetrics.at(1)
                        .put(Metric.REWARD_MEAN, 1)
                        .seconds(Map.of(HOSTILE, 1.0))
                        .build()));
        String page = new Report(
                        HOSTILE,
                        HOSTILE,
                        List.of(SeriesGroup.of(run)),
                        List.of(new ReportTable(HOSTILE, List.of(HOSTILE), List.of(List.of(HOSTILE)))),
                        List.of(new Diagnosis(Symptom.CLIPPED, 1, HOSTILE)),
                        List.of(new RunRollouts(HOSTILE, List.of(new TextNode(HOSTILE)))))
                .html();
        assertThat(page).doesNotContain("<script>alert", "<img", "\u202e", "\u2028");
        assertThat(occurrences(page, "<script")).isEqualTo(2);
        assertThat(occurrences(page, "</script")).isEqualTo(2);
        assertThat(page).contains("\\u202e");
    }

    @Property(tries = 200)
    void escapedTextHoldsNoMarkup(@ForAll String text) {
        assertThat(Html.escape(text)).doesNotContain("<", ">", "\"", "'");
    }

    @Test
    void theCurvesAreInThePageAsNumbers() throws IOException {
        JsonNode data = data(example().html());
        assertThat(data.path("series")).hasSize(2);
        JsonNode reward = data.path("charts").get(0);
        assertThat(reward.path("title").asText()).isEqualTo("Mean reward");
        assertThat(reward.path("curves").get(0).path("y")).hasSize(70);
        JsonNode heldOut = data.path("charts").get(1);
        assertThat(heldOut.path("curves").get(0).path("x"))
                .as("only where it was measured")
                .hasSize(8);
        assertThat(data.path("charts"))
                .as("what nobody measured has no chart")
                .noneMatch(chart -> chart.path("title").asText().startsWith("KL"));
        assertThat(data.path("seconds").get(0).path("phases").path("rollout")).hasSize(70);
        assertThat(data.path("seconds")
                        .get(0)
                        .path("phases")
                        .path("rollout")
                        .get(0)
                        .asDouble())
                .isBetween(0.5, 2.0);
    }

    @Test
    void aLongRunMakesASmallPageThatKeepsItsPeaks() throws IOException {
        List<StepMetrics> steps = new ArrayList<>(steps(3, 0.7, 10_000));
        steps.set(
                7776,
                StepMetrics.at(7777)
                        .put(Metric.REWARD_MEAN, 123)
                        .put(Metric.LOSS, -77)
                        .build());
        String page = report(List.of(new RunSeries("long", Map.of(), steps))).html();
        assertThat(page.length()).isLessThan(1_000_000);
        JsonNode reward = data(page).path("charts").get(0).path("curves").get(0);
        assertThat(reward.path("x").size()).isLessThanOrEqualTo(Curve.MOST);
        assertThat(reward.path("every").asInt()).isEqualTo(10);
        assertThat(reward.path("hi")).anyMatch(high -> high.asDouble() == 123);
    }

    @Test
    void lengthsHaveABandOnlyWhereNoOtherBandsAre() throws IOException {
        List<StepMetrics> steps = List.of(StepMetrics.at(1)
                .put(Metric.LENGTH_MEAN, 5)
                .put(Metric.LENGTH_MIN, 1)
                .put(Metric.LENGTH_MAX, 9)
                .build());
        JsonNode alone = data(report(List.of(new RunSeries("a", Map.of(), steps)))
                        .html())
                .path("charts")
                .get(0);
        assertThat(alone.path("ranged").asBoolean()).isTrue();
        assertThat(alone.path("curves").get(0).path("hi").get(0).asInt()).isEqualTo(9);
        JsonNode beside = data(report(List.of(new RunSeries("a", Map.of(), steps), new RunSeries("b", Map.of(), steps)))
                        .html())
                .path("charts")
                .get(0);
        assertThat(beside.path("curves").get(0).has("hi")).isFalse();
    }

    @Test
    void completionsAreInThePage() throws IOException {
        JsonNode step = new ObjectMapper().readTree("{\"step\":7,\"groups\":[],\"omitted\":0}");
        Report report = new Report(
                "t", "l", example().series(), List.of(), List.of(), List.of(new RunRollouts("GRPO", List.of(step))));
        JsonNode rollouts = data(report.html()).path("rollouts");
        assertThat(rollouts.get(0).path("run").asText()).isEqualTo("GRPO");
        assertThat(rollouts.get(0).path("steps").get(0).path("data")).isEqualTo(step);
    }

    @Test
    void onlySettingsThatDifferAreCompared() {
        ReportTable table = Settings.table(example().series(), true);
        assertThat(table.rows())
                .containsExactly(
                        List.of("objective.trace", "none", "e-trace"), List.of("objective.lambda", "–", "0.99"));
    }

    @Test
    void aTableMustBeFull() {
        assertThatThrownBy(() -> new ReportTable("t", List.of("a", "b"), List.of(List.of("1"))))
                .hasMessageContaining("2 cells");
    }

    private static Report example() {
        List<RunSeries> runs = List.of(
                new RunSeries("GRPO", Map.of("objective.trace", "none", "training.steps", "70"), steps(1, 0.7, 70)),
                new RunSeries("GRPO-λ (e-trace, both)", ordered(), steps(2, 0.75, 70)));
        ReportTable summary = new ReportTable(
                "Result",
                List.of("run", "held-out before", "held-out after", "gain", "seconds"),
                List.of(
                        List.of("GRPO", "0.320", "0.701 ± 0.02", "+38.1 %", "151"),
                        List.of("GRPO-λ (e-trace, both)", "0.320", "0.748 ± 0.02", "+42.8 %", "163")));
        return new Report(
                "Quickstart: sums of three numbers",
                "A policy of 0.8 M parameters after 700 supervised steps, then 70 steps of GRPO and of GRPO-λ from the same start.",
                runs.stream().map(SeriesGroup::of).toList(),
                List.of(summary),
                List.of(),
                List.of());
    }

    private static Report report(List<RunSeries> runs) {
        return new Report(
                "title", "lead", runs.stream().map(SeriesGroup::of).toList(), List.of(), List.of(), List.of());
    }

    private static Map<String, String> ordered() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("objective.trace", "e-trace");
        settings.put("objective.lambda", "0.99");
        settings.put("training.steps", "70");
        return settings;
    }

    private static List<StepMetrics> steps(long seed, double end, int count) {
        Random random = new Random(seed);
        List<StepMetrics> steps = new ArrayList<>();
        for (int step = 1; step <= count; step++) {
            double reward = end - (end - 0.32) * Math.exp(-step / 25.0) + 0.05 * random.nextGaussian();
            StepMetrics.Builder builder = StepMetrics.at(step)
                    .put(Metric.REWARD_MEAN, reward)
                    .put(Metric.ENTROPY, 0.4 * Math.exp(-step / 60.0) + 0.01 * random.nextDouble())
                    .put(Metric.CLIP_FRACTION_HIGH, 0.02 * random.nextDouble())
                    .put(Metric.CLIP_FRACTION_LOW, seed == 1 ? 0 : 0.01 * random.nextDouble())
                    .put(Metric.LENGTH_MEAN, 22 + random.nextGaussian())
                    .put(Metric.GRADIENT_NORM, 1 + random.nextDouble())
                    .put(Metric.LOSS, step == 5 ? Double.NaN : 0.1 * random.nextGaussian())
                    .put(Metric.LOG_PROB_GAP, Math.pow(10, -6 + random.nextDouble()))
                    .seconds(Map.of("rollout", 1 + 0.1 * random.nextDouble(), "train", 0.8, "evaluation", 0.1));
            if (step == 1 || step % 10 == 0) {
                builder.put(Metric.HELDOUT_ACCURACY, end - (end - 0.32) * Math.exp(-step / 25.0));
            }
            steps.add(builder.build());
        }
        return steps;
    }

    private static JsonNode data(String page) throws IOException {
        Matcher matcher = Pattern.compile("id=\"data\">(.*?)</script>").matcher(page);
        assertThat(matcher.find()).isTrue();
        return new ObjectMapper().readTree(matcher.group(1));
    }

    private static int occurrences(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
