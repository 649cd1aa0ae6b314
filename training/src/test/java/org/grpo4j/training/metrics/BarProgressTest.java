package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarProgressTest {

    private final AtomicLong nanos = new AtomicLong();
    private final FakeTerminal terminal = new FakeTerminal(80, 24);
    private final PrintStream out = terminal.stream();
    private final BarProgress bar = new BarProgress("train", 0, 4, terminal::size, true, nanos::get, out);
    private final PhaseTimer timer = new PhaseTimer(bar.phases());

    @Test
    void theRunItsPhaseAndTheLastMetricsHaveALineEach() {
        step(1, 0.25);
        step(2, 0.5);
        try (PhaseTimer.Phase phase = timer.phase("rollout")) {
            bar.phases().expect(128);
            for (int i = 0; i < 32; i++) {
                bar.phases().advance();
            }
            bar.draw();
        }
        assertThat(terminal.text())
                .containsExactly(
                        "train      2/4         ━━━━━━━━━━━━━━━━━━━━────────────────────  20 s left",
                        "rollout    32/128      ━━━━━━━━━━──────────────────────────────",
                        "reward 0.500");
        assertThat(terminal.cursorRow()).isZero();
        bar.draw();
        assertThat(terminal.text()).element(1).isEqualTo("");
        assertThat(terminal.text()).element(2).isEqualTo("reward 0.500");
    }

    @Test
    void notesStayAboveTheDisplayAndTheEndStaysOnTheScreen() {
        out.print("settings\n");
        step(1, 0.25);
        bar.draw();
        bar.note("checkpoint run/checkpoint-1");
        step(2, 0.75);
        bar.draw();
        bar.close();
        bar.close();
        out.print("grpo4j: no space left on device\n");
        assertThat(terminal.text())
                .containsExactly(
                        "settings",
                        "checkpoint run/checkpoint-1",
                        "train      2/4         ━━━━━━━━━━━━━━━━━━━━────────────────────",
                        "reward 0.750",
                        "grpo4j: no space left on device");
    }

    @Test
    void whatIsLoggedMeanwhileStandsAboveTheDisplay() {
        PrintStream before = System.err;
        System.setErr(out);
        try (LiveProgress live = new LiveProgress(bar, Integer.MAX_VALUE, out)) {
            bar.draw();
            System.err.print("10:00:00 WARN ");
            bar.draw();
            System.err.println("a driver is old");
            System.err.println("思考");
            step(1, 0.25);
            bar.draw();
            assertThat(terminal.text())
                    .containsExactly(
                            "10:00:00 WARN a driver is old",
                            "思考",
                            "train      1/4         ━━━━━━━━━━──────────────────────────────",
                            "",
                            "reward 0.250");
            live.close();
            assertThat(System.err).isSameAs(out);
        } finally {
            System.setErr(before);
        }
        assertThat(terminal.text()).hasSize(4);
    }

    @Test
    void nothingIsDrawnOverWhatIsPrintedAfterTheEnd() {
        step(1, 0.25);
        bar.close();
        bar.note("stopped");
        bar.draw();
        assertThat(terminal.text()).hasSize(3).last().isEqualTo("stopped");
    }

    /** 200 columns down to 1 and up again, line breaking or not, with a note longer than the window. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWindowThatIsResizedShowsNoRemains(boolean breaksLines) {
        out.print("before\n");
        step(1, 0.25);
        for (int columns : new int[] {200, 120, 79, 60, 40, 23, 12, 7, 3, 2, 1, 5, 33, 90}) {
            if (breaksLines) {
                // A window that is dragged has many sizes between two drawings.
                terminal.resize(columns + 3);
                terminal.resize(columns);
            } else {
                terminal.crop(columns);
            }
            try (PhaseTimer.Phase phase = timer.phase("evaluation")) {
                bar.phases().expect(10);
                bar.draw();
            }
        }
        List<String> text = terminal.text();
        assertThat(text.subList(text.size() - 3, text.size()))
                .containsExactly(
                        "train      1/4         ━━━━━━━━━━──────────────────────────────",
                        "evaluation 0/10        ────────────────────────────────────────",
                        "reward 0.250");
        // Above it, only what was there before, in as many pieces as the narrowest window made of it.
        assertThat(String.join("", text.subList(0, text.size() - 3))).isEqualTo(breaksLines ? "before" : "b");
        assertThat(terminal.cursorColumn()).isZero();
    }

    /** As in tmux, which has broken the lines anew before it tells the new width. */
    @Test
    void aWidthThatIsToldLateLeavesNoRemains() {
        out.print("before\n");
        Terminal.Size[] told = {terminal.size()};
        BarProgress late = new BarProgress("train", 0, 4, () -> told[0], true, nanos::get, out);
        PhaseTimer phases = new PhaseTimer(late.phases());
        for (int columns : new int[] {60, 40, 25, 50, 12, 70}) {
            late.draw();
            terminal.resize(columns);
            try (PhaseTimer.Phase phase = phases.phase("rollout")) {
                late.phases().expect(columns);
                late.draw();
                told[0] = terminal.size();
                late.draw();
            }
        }
        late.draw();
        assertThat(terminal.text()).containsExactly("before", "train      0/4         " + "─".repeat(40));
    }

    @Test
    void aLowWindowHasTheBarOfTheRunOnly() {
        FakeTerminal low = new FakeTerminal(60, 3);
        BarProgress small = new BarProgress("sft", 10, 20, low::size, false, nanos::get, low.stream());
        small.draw();
        assertThat(low.text()).containsExactly("sft        10/20       ##################------------------");
    }

    @Test
    void whatHasNotChangedIsNotDrawnAgain() {
        AtomicLong written = new AtomicLong();
        PrintStream counting = new PrintStream(
                new java.io.OutputStream() {
                    @Override
                    public void write(int b) {
                        written.incrementAndGet();
                    }
                },
                true);
        BarProgress idle = new BarProgress("train", 0, 4, terminal::size, true, nanos::get, counting);
        idle.draw();
        long once = written.get();
        idle.draw();
        assertThat(written.get()).isEqualTo(once).isPositive();
    }

    private void step(int step, double reward) {
        nanos.addAndGet(10_000_000_000L);
        bar.step(StepMetrics.at(step).put(Metric.REWARD_MEAN, reward).build());
    }
}
