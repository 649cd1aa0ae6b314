package org.grpo4j.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.Symptom;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePageTest {

    @TempDir
    Path folder;

    @Test
    void anUpdateHoldsWhatIsNew() throws IOException {
        LivePage page = page(List.of(step(1), step(2)));
        page.add(step(3));
        page.add(step(4));
        page.add(new Diagnosis(Symptom.CLIPPED, 4, "much is clipped"));
        JsonNode news = update(page, 2);
        assertThat(news.path("step").asInt()).isEqualTo(4);
        assertThat(ints(news.path("charts").get(0).path("curves").get(0).path("x")))
                .containsExactly(3, 4);
        assertThat(news.path("diagnoses").get(0).path("text").asText()).isEqualTo("much is clipped");
        assertThat(news.path("state").asText()).isEqualTo("running");
        assertThat(news.path("progress").path("steps").asInt()).isEqualTo(10);
        assertThat(ints(update(page, -1)
                        .path("charts")
                        .get(0)
                        .path("curves")
                        .get(0)
                        .path("x")))
                .containsExactly(1, 2, 3, 4);
        assertThat(update(page, 4).path("charts")).isEmpty();
        page.end(LivePage.State.FAILED);
        assertThat(update(page, 4).path("state").asText()).isEqualTo("failed");
    }

    @Test
    void theWholePageMayAskItsServer() throws IOException {
        String html = page(List.of()).html();
        assertThat(html).contains("connect-src 'self'", "\"live\":true");
    }

    @Test
    void nothingIsLostWhileManyRead() throws Exception {
        LivePage page = page(List.of());
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> reading = List.of(
                    readers.submit(() -> read(page)),
                    readers.submit(() -> read(page)),
                    readers.submit(() -> read(page)));
            for (int step = 1; step <= 900; step++) {
                page.add(step(step));
            }
            for (Future<?> reader : reading) {
                reader.get();
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(ints(update(page, -1)
                        .path("charts")
                        .get(0)
                        .path("curves")
                        .get(0)
                        .path("x")))
                .hasSize(900)
                .isSorted();
    }

    @Test
    void theTimeLeftIsToldFromTheSecondStepOn() {
        AtomicLong clock = new AtomicLong();
        RunPace pace = new RunPace(0, 10, clock::get);
        clock.addAndGet(60_000_000_000L);
        pace.step(step(1));
        assertThat(left(pace)).as("the first step compiles").isTrue();
        for (int step = 2; step <= 4; step++) {
            clock.addAndGet(2_000_000_000L);
            pace.step(step(step));
        }
        var node = ScriptJson.object();
        pace.put(node);
        assertThat(node.path("left").asInt()).isEqualTo(12);
        assertThat(node.path("elapsed").asInt()).isEqualTo(66);

        clock.addAndGet(12_000_000_000L);
        pace.step(StepMetrics.at(5).seconds(Map.of("evaluation", 10.0)).build());
        pace.put(node);
        assertThat(node.path("left").asInt()).as("five steps and an evaluation").isEqualTo(20);
    }

    private static boolean left(RunPace pace) {
        var node = ScriptJson.object();
        pace.put(node);
        return node.path("left").isMissingNode();
    }

    private static Void read(LivePage page) throws IOException {
        for (int i = 0; i < 30; i++) {
            page.update(-1);
        }
        return null;
    }

    private LivePage page(List<StepMetrics> before) {
        return new LivePage(
                "title", "run", Map.of("training.steps", "10"), 10, before, List.of(), RolloutFiles.of(folder));
    }

    private static StepMetrics step(int step) {
        return StepMetrics.at(step)
                .put(Metric.REWARD_MEAN, step / 10.0)
                .seconds(Map.of("rollout", 1.0))
                .build();
    }

    private static JsonNode update(LivePage page, int after) throws IOException {
        return new ObjectMapper().readTree(page.update(after));
    }

    private static List<Integer> ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }
}
