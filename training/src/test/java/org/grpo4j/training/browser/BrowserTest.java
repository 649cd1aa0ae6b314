package org.grpo4j.training.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.grpo4j.training.dashboard.Dashboard;
import org.grpo4j.training.dashboard.DashboardAddress;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.Symptom;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.ReportTable;
import org.grpo4j.training.report.RunReport;
import org.grpo4j.training.report.RunSeries;
import org.grpo4j.training.report.SeriesGroup;
import org.grpo4j.training.rollouts.ByteTokenizer;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.rollouts.SampleRollouts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages in a real browser, by {@code scripts/browser-tests.sh}, which installs one if need be. Pictures are left in
 * {@code target/screenshots}, and the times that the pages measured themselves in {@code drawn.txt} there; only with
 * {@code -Dgrpo4j.browser.limit=MS} is a slow page a failure.
 */
class BrowserTest {

    private static final Path PICTURES = Path.of("target/screenshots");
    private static final String TEXT = "12 + 34 = 46\n46 + 5 = 51\t€\n#### 51 <img src=x onerror=alert(1)>";
    /** Pairs of texts in a drawing that lie over each other, or stand at one axis and say the same. */
    private static final String OVERLAPS = """
            [...document.querySelectorAll('#curves svg')].flatMap((svg) => {
              const texts = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]);
              return texts.flatMap(([one, a], i) => texts.slice(i + 1)
                .filter(([other, b]) => (one === other && a.right === b.right && svg.closest('#charts'))
                  || (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4))
                .map(([other]) => one + ' / ' + other));
            })""";

    private static final int LIMIT = Integer.getInteger("grpo4j.browser.limit", Integer.MAX_VALUE);

    @TempDir
    static Path folder;

    private static Chromium browser;

    @BeforeAll
    static void startBrowser() throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(
                program.isPresent(),
                "skipped: there is no Chromium on the path; scripts/browser-tests.sh installs one");
        browser = new Chromium(program.orElseThrow());
        Files.createDirectories(PICTURES);
        Files.deleteIfExists(PICTURES.resolve("drawn.txt"));
    }

    @AfterAll
    static void stopBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void aRunOfTenThousandStepsIsDrawnInEverySizeAndTheme() throws Exception {
        Path run = runWithRollouts("long");
        Path page = run.resolve("report.html");
        RunReport.of("A long run", run, settings(), steps(1, 10_000), told()).write(page);
        assertThat(Files.size(page)).isLessThan(3L << 20);
        lookAt("long", page.toUri());
        assertThat(browser.evaluate("document.querySelectorAll('#charts svg path.curve').length")
                        .asInt())
                .isEqualTo(15);
        assertThat(browser.evaluate("document.querySelectorAll('#told li').length")
                        .asInt())
                .isOne();
    }

    @Test
    void runsLieOverEachOther() throws Exception {
        List<SeriesGroup> groups = List.of(
                new SeriesGroup(
                        "GRPO-λ (3 seeds)",
                        settings(),
                        List.of(series("a", 1, 400), series("b", 2, 400), series("c", 3, 350))),
                SeriesGroup.of(series("GRPO", 4, 300)));
        Path page = folder.resolve("overlay.html");
        new Report(
                        "Overlay",
                        "Two curves",
                        groups,
                        List.of(new ReportTable("Last values", List.of("run", "reward"), List.of(List.of("a", "0.5")))),
                        List.of(),
                        List.of())
                .write(page);
        lookAt("overlay", page.toUri());
        String key = "document.querySelector('#charts svg[data-key=reward_mean]')";
        assertThat(browser.evaluate(key + ".querySelectorAll('path.curve').length")
                        .asInt())
                .isEqualTo(2);
        browser.evaluate("document.querySelector('#legend button').click()");
        assertThat(browser.evaluate(key + ".querySelectorAll('path.curve').length")
                        .asInt())
                .isOne();
    }

    @Test
    void tokensAreShadedByTheirCreditAndTellIt() throws Exception {
        Path run = runWithRollouts("tokens");
        Path page = run.resolve("report.html");
        RunReport.of("Tokens", run, settings(), steps(1, 40), List.of()).write(page);
        browser.look(1600, 1000, false);
        browser.open(page.toUri());
        assertThat(browser.evaluate("document.querySelectorAll('pre.tokens')[0].textContent")
                        .asText())
                .isEqualTo(TEXT);
        assertThat(browser.evaluate("document.querySelectorAll('pre.tokens')[0].children.length")
                        .asInt())
                .isEqualTo(new ByteTokenizer().encode(TEXT, false).length + 1);
        assertThat(classes(0, 0)).contains("p8");
        assertThat(classes(1, 0)).contains("n");
        assertThat(browser.evaluate("document.querySelector('pre.tokens .t:last-child').classList.contains('end')")
                        .asBoolean())
                .isTrue();
        assertThat(browser.evaluate("document.images.length").asInt())
                .as("text stays text")
                .isZero();

        browser.evaluate("document.querySelectorAll('pre.tokens')[0].focus()");
        browser.press("ArrowRight");
        browser.press("ArrowRight");
        JsonNode tip = browser.evaluate("document.getElementById('tip').innerText");
        assertThat(tip.asText()).contains("2 of ", "“2”", "credit", "+0.9", "log-prob", "−0.1");
        assertThat(browser.evaluate("document.querySelector('.t.on').textContent")
                        .asText())
                .isEqualTo("2");
        browser.picture(PICTURES.resolve("tip.png"), false);
        browser.press("Escape");
        assertThat(browser.evaluate("document.getElementById('tip').hidden").asBoolean())
                .isTrue();

        browser.evaluate("document.querySelector('[data-value=surprise]').click()");
        assertThat(classes(0, 19)).contains("s8");
        browser.evaluate("document.querySelector('[aria-label=\"earlier step\"]').click()");
        assertThat(browser.evaluate("document.querySelector('.steps output').textContent")
                        .asText())
                .isEqualTo("2");
        assertThat(browser.complaints()).isEmpty();
    }

    /** WCAG asks for 4.5 between text and what is behind it. */
    @Test
    void textStaysLegibleOnTheStrongestShades() throws Exception {
        Path run = runWithRollouts("contrast");
        Path page = run.resolve("report.html");
        RunReport.of("Contrast", run, settings(), steps(1, 5), List.of()).write(page);
        for (boolean dark : List.of(false, true)) {
            browser.look(1600, 1000, dark);
            browser.open(page.toUri());
            for (String shade : List.of("z", "p8", "n8", "s8")) {
                JsonNode contrast = browser.evaluate("""
                        (() => {
                          const cell = document.querySelector('pre.tokens .t');
                          cell.className = 't %s';
                          const parse = (c) => c.match(/[\\d.]+/g).map(Number);
                          const [card, over, ink] = [getComputedStyle(cell.closest('article')).backgroundColor,
                            getComputedStyle(cell).backgroundColor, getComputedStyle(cell).color].map(parse);
                          const share = over.length > 3 ? over[3] : 1;
                          const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
                            const v = c[i] / 255;
                            return sum + w * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                          }, 0);
                          const behind = light(card.slice(0, 3).map((v, i) => share * over[i] + (1 - share) * v));
                          const front = light(ink);
                          return (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05);
                        })()""".formatted(shade));
                assertThat(contrast.asDouble())
                        .as("%s, %s", shade, dark ? "dark" : "light")
                        .isBetween(4.5, 21.0);
            }
        }
    }

    @Test
    void oneCrosshairGoesThroughAllCharts() throws Exception {
        Path page = folder.resolve("cross.html");
        Path run = runWithRollouts("cross");
        RunReport.of("Crosshair", run, settings(), steps(1, 40), List.of()).write(page);
        browser.look(1600, 1000, true);
        browser.open(page.toUri());
        browser.evaluate("document.querySelector('#charts svg').focus()");
        browser.press("Home");
        browser.press("ArrowRight");
        browser.waitFor("[...document.querySelectorAll('.values .step')].every((s) => s.textContent === 'step 2')"
                + " && document.querySelectorAll('.values .step').length > 5");
        JsonNode box = browser.evaluate("(({x, y, width, height}) => ({x, y, width, height}))("
                + "document.querySelectorAll('#charts svg')[1].getBoundingClientRect())");
        browser.moveTo(
                box.path("x").asDouble() + box.path("width").asDouble() / 2,
                box.path("y").asDouble() + box.path("height").asDouble() / 2);
        browser.waitFor("document.querySelectorAll('.cross[visibility=visible]').length"
                + " === document.querySelectorAll('#charts svg').length");
        browser.picture(PICTURES.resolve("crosshair.png"), false);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aPageFollowsItsRunToTheEnd() throws Exception {
        Path run = Files.createDirectories(folder.resolve("live"));
        RolloutFiles files = RolloutFiles.of(run);
        List<StepMetrics> steps = steps(7, 40);
        LivePage page = new LivePage("A live run", "live", settings(), 40, List.of(), List.of(), files);
        try (Dashboard dashboard = Dashboard.start(DashboardAddress.parse("0"), page, files);
                RolloutLog log = RolloutLog.resume(run, 0, new ByteTokenizer(), note -> {})) {
            browser.look(1600, 1000, false);
            browser.open(URI.create(dashboard.url()));
            for (StepMetrics step : steps.subList(0, 20)) {
                log.add(step.step(), SampleRollouts.groups(3, "step " + step.step()));
                page.add(step);
            }
            page.add(told().get(0));
            browser.waitFor("document.getElementById('status').textContent.includes('step 20 of 40')");
            browser.waitFor("document.querySelectorAll('pre.tokens').length === 2");
            browser.waitFor("document.querySelectorAll('#told li').length === 1");
            lookOnce("live", 1600, false);
            steps.subList(20, 40).forEach(page::add);
            browser.waitFor("document.getElementById('status').textContent.includes('step 40 of 40')");
            browser.waitFor("document.querySelector('#charts svg').getAttribute('aria-label').includes('at step 1')");
            page.end(LivePage.State.ENDED);
            browser.waitFor("document.getElementById('status').className === 'ended'");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aLongRunGrowsInTheMeasureOfItsThinnedCurves() throws Exception {
        Path run = Files.createDirectories(folder.resolve("growing"));
        RolloutFiles files = RolloutFiles.of(run);
        List<StepMetrics> steps = steps(7, 3030);
        LivePage page =
                new LivePage("A long live run", "live", settings(), 4000, steps.subList(0, 3000), List.of(), files);
        try (Dashboard dashboard = Dashboard.start(DashboardAddress.parse("0"), page, files)) {
            browser.look(800, 1000, false);
            browser.open(URI.create(dashboard.url()));
            assertThat(points()).isEqualTo(1000);
            steps.subList(3000, 3030).forEach(page::add);
            browser.waitFor("document.getElementById('status').textContent.includes('step 3030 of 4000')");
            assertThat(points()).isEqualTo(1010);
            page.end(LivePage.State.ENDED);
            browser.waitFor("document.getElementById('status').className === 'ended'");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static int points() throws Exception {
        return browser.evaluate("document.querySelector('#charts svg[data-key=reward_mean] path.curve')"
                        + ".getAttribute('d').split('L').length")
                .asInt();
    }

    @Test
    void whoGoesThroughThePromptsByKeyboardSeesThem() throws Exception {
        Path run = Files.createDirectories(folder.resolve("prompts"));
        try (RolloutLog log = RolloutLog.resume(run, 0, new ByteTokenizer(), note -> {})) {
            log.add(1, SampleRollouts.groups(200, "short"));
        }
        Path page = run.resolve("report.html");
        RunReport.of("Many prompts", run, settings(), steps(1, 5), List.of()).write(page);
        browser.look(1600, 600, false);
        browser.open(page.toUri());
        browser.evaluate("document.querySelector('.prompts button').focus()");
        for (int i = 0; i < 40; i++) {
            browser.press("ArrowDown");
        }
        assertThat(browser.evaluate("""
                        (() => {
                          const own = document.activeElement.getBoundingClientRect();
                          const list = document.querySelector('.prompts').getBoundingClientRect();
                          return document.activeElement.matches('.prompts button:nth-child(41)')
                            && own.top >= list.top - 3 && own.bottom <= list.bottom + 3;
                        })()""").asBoolean()).isTrue();
    }

    /** Opens a page in all sizes and both themes, and fails if it complains or is wider than the window. */
    private static void lookAt(String name, URI page) throws Exception {
        for (boolean dark : List.of(false, true)) {
            for (int width : List.of(400, 800, 1600)) {
                browser.look(width, 1200, dark);
                browser.open(page);
                int drawn = browser.evaluate("document.documentElement.dataset.drawn")
                        .asInt();
                Files.writeString(
                        PICTURES.resolve("drawn.txt"),
                        name + ", " + width + " px, " + (dark ? "dark" : "light") + ": " + drawn + " ms\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                assertThat(drawn).as("ms until %s is drawn, %s px", name, width).isBetween(1, LIMIT);
                lookOnce(name, width, dark);
            }
        }
    }

    private static void lookOnce(String name, int width, boolean dark) throws Exception {
        String background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
                .asText();
        assertThat(background).isEqualTo(dark ? "rgb(19, 21, 24)" : "rgb(250, 250, 249)");
        assertThat(browser.evaluate(OVERLAPS).toString())
                .as("texts of %s at %s px that lie over each other", name, width)
                .isEqualTo("[]");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("%s at %s px", name, width)
                .isLessThanOrEqualTo(width);
        browser.picture(PICTURES.resolve(name + "-" + width + (dark ? "-dark" : "-light") + ".png"), true);
        assertThat(browser.complaints()).isEmpty();
    }

    private static String classes(int completion, int token) throws Exception {
        return browser.evaluate(
                        "document.querySelectorAll('pre.tokens')[" + completion + "].children[" + token + "].className")
                .asText();
    }

    private static Path runWithRollouts(String name) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        try (RolloutLog log = RolloutLog.resume(run, 0, new ByteTokenizer(), note -> {})) {
            for (int step = 1; step <= 3; step++) {
                log.add(step, SampleRollouts.groups(12, TEXT));
            }
        }
        return run;
    }

    private static RunSeries series(String name, long seed, int steps) {
        return new RunSeries(name, settings(), steps(seed, steps));
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("objective.trace", "e-trace");
        settings.put("data.prompt_template", "A long text without any space: " + "x".repeat(300));
        return settings;
    }

    private static List<Diagnosis> told() {
        return List.of(new Diagnosis(Symptom.CLIPPED, 12, "more than half of the tokens are clipped; lower the rate"));
    }

    /** All metrics of a reinforcement run, with noise and a few peaks. */
    private static List<StepMetrics> steps(long seed, int count) {
        Random random = new Random(seed);
        List<StepMetrics> steps = new ArrayList<>();
        for (int step = 1; step <= count; step++) {
            StepMetrics.Builder builder = StepMetrics.at(step);
            for (Metric metric : Metric.REINFORCEMENT) {
                builder.put(metric, 0.5 + 0.1 * random.nextGaussian() + (random.nextInt(500) == 0 ? 3 : 0));
            }
            // The first compiles, and at the end the machine was busy.
            boolean slow = step == 1 || step > count - count / 100;
            double learned = 1 - Math.exp(-4.0 * step / count);
            steps.add(builder.put(Metric.REWARD_MEAN, 0.2 + 0.6 * learned + 0.05 * random.nextGaussian())
                    .put(Metric.KL, Double.NaN)
                    .put(Metric.LOSS, step % 1000 < 50 ? Double.NaN : 2.3 + 0.003 * random.nextDouble())
                    .put(Metric.LOG_PROB_GAP, Math.pow(10, -5 + random.nextDouble()))
                    .put(Metric.LENGTH_MEAN, 200)
                    .put(Metric.LENGTH_MIN, 200 - 100 * random.nextDouble())
                    .put(Metric.LENGTH_MAX, 200 + 100 * random.nextDouble())
                    .seconds(Map.of("rollout", slow ? 30 : 1 + random.nextDouble(), "reward", 0.1, "update", 0.8))
                    .build());
        }
        return steps;
    }
}
