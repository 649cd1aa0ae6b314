package org.grpo4j.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.datasets.verify.Verifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real data sets, which do not lie in the repository. */
class SharedDataTest {

    @ParameterizedTest
    @CsvSource({
        "evaluation_suite/aime, 30, 1.0",
        "evaluation_suite/amc, 83, 1.0",
        "evaluation_suite/math, 500, 0.97",
        "evaluation_suite/minerva, 272, 0.85",
        "evaluation_suite/olympiad_bench, 675, 0.90",
        "train/asdiv_2k, 1788, 1.0",
        "train/gsm_8k/train, 8792, 1.0",
        "train/math_lvl3to5_8k, 500, 0.97",
        "gsm8k_test/test.jsonl, 1319, 1.0"
    })
    void loadsWithAllItsRowsAndAnswersThatEqualThemselves(String name, int rows, double atLeast) {
        Path path = Path.of(System.getProperty("grpo4j.shared", "../shared"), "data", name);
        assumeTrue(Files.exists(path), "the data set " + name + " is not beside this repository");
        ProblemSet problems = ProblemSet.load(path);
        assertThat(problems).hasSize(rows);
        long understood = problems.stream()
                .filter(problem ->
                        Verifier.verify(problem.answers(), boxed(problem)).goldParsed() != null)
                .count();
        assertThat((double) understood / rows).as("golds that have a value").isGreaterThanOrEqualTo(atLeast);
        assertThat(problems)
                .allMatch(problem ->
                        Verifier.verify(problem.answers(), boxed(problem)).correct());
    }

    private static String boxed(Problem problem) {
        return "So it is $\\boxed{" + problem.answer() + "}$.";
    }
}
