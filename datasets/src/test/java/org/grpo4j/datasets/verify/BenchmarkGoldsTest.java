package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.ProblemSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golds of the five benchmarks, which do not lie in the repository. */
class BenchmarkGoldsTest {

    /** Golds without a value, and why; they are compared as texts. */
    private static final Map<String, String> WITHOUT_VALUE = Map.of(
            "$f(x)=a x+b$, where $b$ is an arbitrary integer, and $a$ is an arbitrary positive integer with $\\mho(a)=0$",
            "a condition in words",
            "$t(0,4]$",
            "damaged: a variable before an interval");

    private static List<String> golds(String suite) {
        Path path = Path.of(System.getProperty("grpo4j.shared", "../shared"), "data/evaluation_suite", suite);
        assumeTrue(Files.exists(path), "the benchmark " + suite + " is not beside this repository");
        return ProblemSet.load(path).stream()
                .flatMap(problem -> problem.answers().stream())
                .map(String::strip)
                .distinct()
                .toList();
    }

    private static Verification boxed(String gold, String answer) {
        return Verifier.verify(gold, "So it is $\\boxed{" + answer + "}$.");
    }

    /** Without the dollars around it; with dollars inside, as lists have them, none can be put around. */
    private static String bare(String gold) {
        String text = gold.endsWith("$.") ? gold.substring(0, gold.length() - 1) : gold;
        boolean dollars = text.length() > 2 && text.startsWith("$") && text.endsWith("$");
        return (dollars ? text.substring(1, text.length() - 1) : text).replaceAll("(?<!\\\\)\\$", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aime", "amc", "math", "minerva", "olympiad_bench"})
    void everyGoldHasAValueAndEqualsItself(String suite) {
        for (String gold : golds(suite)) {
            Verification result = boxed(gold, gold);
            assertThat(result.correct()).as(gold).isTrue();
            if (!WITHOUT_VALUE.containsKey(gold)) {
                assertThat(result.goldParsed()).as(gold).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aime", "amc", "math", "minerva", "olympiad_bench"})
    void writingDoesNotCountAndValuesDo(String suite) {
        for (String gold : golds(suite)) {
            if (WITHOUT_VALUE.containsKey(gold)) {
                continue;
            }
            for (String same : Rewritings.same(bare(gold))) {
                assertThat(boxed(gold, same).correct())
                        .as("%s for %s", same, gold)
                        .isTrue();
            }
            for (String different : Rewritings.different(bare(gold))) {
                assertThat(boxed(gold, different).correct())
                        .as("%s for %s", different, gold)
                        .isFalse();
            }
        }
    }
}
