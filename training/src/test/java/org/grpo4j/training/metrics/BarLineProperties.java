package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class BarLineProperties {

    @Property
    void aLineNeverTakesMoreColumnsThanThereAre(
            @ForAll @StringLength(max = 20) String label,
            @ForAll @IntRange(max = 1_000_000) int done,
            @ForAll @IntRange(max = 1_000_000) int more,
            @ForAll @IntRange(max = 120) int columns,
            @ForAll boolean drawsLines) {
        BarLine line = new BarLine(label, done, done + more, "12 min 5 s left");
        assertThat(TextWidth.of(line.draw(columns, drawsLines))).isLessThanOrEqualTo(columns);
    }

    @Property
    void aBarIsFullAtTheEndAndOnlyThen(@ForAll @IntRange(min = 1, max = 5_000_000) int total) {
        assertThat(new BarLine("x", total, total, "").draw(80, true)).doesNotContain("─");
        assertThat(new BarLine("x", total - 1, total, "").draw(80, true)).containsPattern("[╸─]");
        assertThat(new BarLine("x", 0, total, "").draw(80, true)).doesNotContain("━");
    }

    @Example
    void theBarGoesFirstThenTheRemarkThenTheRest() {
        BarLine line = new BarLine("train", 50, 200, "12 s left");
        assertThat(line.draw(45, true)).isEqualTo("train      50/200      ━━╸────────  12 s left");
        assertThat(line.draw(30, true)).isEqualTo("train 50/200  12 s left");
        assertThat(line.draw(20, true)).isEqualTo("train 50/200");
        assertThat(line.draw(7, true)).isEqualTo("train 5");
        assertThat(line.draw(0, true)).isEmpty();
    }

    @Example
    void widthsCountColumnsAndNotCharacters() {
        assertThat(TextWidth.of("思考")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("🙂")).isEqualTo(2);
        assertThat(TextWidth.cut("a思考", 4)).isEqualTo("a思");
        assertThat(TextWidth.pad("思", 4)).isEqualTo("思  ");
    }

    @Example
    void onlyTerminalsThatDrawLinesInOneColumnGetLines() {
        assertThat(Terminal.drawsLines("en_US.UTF-8")).isTrue();
        assertThat(Terminal.drawsLines("C.utf8")).isTrue();
        assertThat(Terminal.drawsLines("ja_JP.UTF-8")).isFalse();
        assertThat(Terminal.drawsLines("C")).isFalse();
    }
}
