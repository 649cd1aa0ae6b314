package org.grpo4j.datasets.overlap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.ProblemWriter;
import org.grpo4j.datasets.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapTest {

    private static final String LONG = "A baker sells 12 loaves in the morning and twice as many in the afternoon, each"
            + " for 3 dollars. How much does she earn in a week of 6 days?";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            What is  $x + 1$? ¦ what is \\( x+1 \\)
            Find $\\dfrac{1}{2}\\,x$. ¦ Find $\\frac{1}{2} x$
            Pay 1,000 dollars, or 2,500! ¦ pay 1000 dollars or 2500!
            Let $\\left( a \\right)$ be — 3 ¦ Let (a) be - 3
            <|im_start|>system\\nReason.<|im_end|>\\n<|im_start|>user\\nWhat is $2x$?<|im_end|>\\n<|im_start|>assistant ¦ What is 2x?
            [INST] What is 2 x? [/INST] ¦ What is $2x$
            """)
    void copiesHaveTheSameKey(String one, String other) {
        assertThat(key(one)).isEqualTo(key(other));
    }

    @ParameterizedTest
    @CsvSource({"1+2=, 1-2=", "1 2, 12", "1.5, 15", "x^2, x*2", "a < b, a > b", "3!, 3", "'1,2', '12'"})
    void otherProblemsHaveOtherKeys(String one, String other) {
        assertThat(key(one)).isNotEqualTo(key(other));
    }

    private static String key(String text) {
        return ProblemText.of(text.replace("\\n", "\n")).key();
    }

    @Test
    void bothSidesAreCountedWhicheverIsLarger() {
        Table test = table("test", LONG, "What is 1+1?", "Name a prime.");
        Table train = table(
                "train",
                "what is 1 + 1",
                LONG.replace("6 days", "5 days"),
                "WHAT IS 1+1",
                LONG.toUpperCase(Locale.ROOT).replace("12", "13"),
                "Something else altogether.");
        Overlap overlap = overlap(test, train);
        assertThat(overlap.first())
                .extracting(Overlap.Side::exact, Overlap.Side::near)
                .containsExactly(1L, 1L);
        assertThat(overlap.second())
                .extracting(Overlap.Side::exact, Overlap.Side::near)
                .containsExactly(2L, 2L);
        assertThat(overlap.examples()).extracting(Overlap.Pair::exact).containsExactly(true, true, false, false);
        assertThat(overlap.examples().get(0).first().problem()).isEqualTo("What is 1+1?");
        Overlap turned = overlap(train, test);
        assertThat(turned.first()).isEqualTo(overlap.second());
        assertThat(turned.second()).isEqualTo(overlap.first());
        assertThat(turned.examples().get(0).second().problem()).isEqualTo("What is 1+1?");
    }

    @Test
    void copiesWithinTheSmallerSetAllCount() {
        Overlap overlap = overlap(table("a", "What is 1+1?", "what is 1+1"), table("b", "What is 1+1", "x", "y"));
        assertThat(overlap.first().exact()).isEqualTo(2);
        assertThat(overlap.second().exact()).isEqualTo(1);
    }

    @Test
    void aSharedPhraseIsNotNear() {
        String phrase = "Express your answer as a common fraction in lowest terms please. ";
        Overlap overlap = overlap(
                table(
                        "a",
                        phrase
                                + "A wheel of radius two rolls along a straight road for nine whole metres without slipping"),
                table(
                        "b",
                        phrase
                                + "Seven cards are dealt from a shuffled deck and three of those turn out to be hearts"));
        assertThat(overlap.first().near()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"gsm8k_test/test.jsonl, train/gsm_8k, 1319", "train/math_lvl3to5_8k/eval, evaluation_suite/math, 500"})
    void theTestSetsHiddenInTrainingDataAreFound(String test, String train, int shared) {
        Path data = Path.of(System.getProperty("grpo4j.shared", "../shared"), "data");
        assumeTrue(Files.exists(data), "the data sets are not beside this repository");
        Overlap overlap = overlap(Table.open(data.resolve(test)), Table.open(data.resolve(train)));
        assertThat(overlap.first().exact()).isEqualTo(shared);
        assertThat(overlap.first().rows()).isEqualTo(shared);
        assertThat(overlap.second().exact()).isEqualTo(shared);
    }

    private static Overlap overlap(Table first, Table second) {
        return Overlap.of(first, second, ProblemColumns.BY_NAME, OverlapConfig.DEFAULT);
    }

    private Table table(String name, String... texts) {
        List<Problem> problems = new ArrayList<>();
        for (String text : texts) {
            problems.add(new Problem(Integer.toString(problems.size()), text, List.of("1"), null));
        }
        Path file = folder.resolve(name + ".arrow");
        ProblemWriter.writeStream(file, ProblemSet.of(name, problems));
        return Table.open(file);
    }
}
