package org.grpo4j.datasets.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.verify.Verifier;
import org.junit.jupiter.api.Test;

class ArithmeticTest {

    private static List<Integer> sortedTerms(Problem problem) {
        return Arrays.stream(problem.problem().replace("=", "").split("\\+"))
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    @Test
    void textsAreShortAndExact() {
        assertThat(new Sum(List.of(17, 58, 91)).toProblem("0"))
                .isEqualTo(new Problem("0", "17+58+91=", List.of("166"), "17+58=75;75+91=166\n#### 166"));
        assertThat(Arithmetic.DEFAULT.problems(1000, 1)).allSatisfy(problem -> {
            assertThat(problem.solution()).hasSizeLessThanOrEqualTo(30).matches("[0-9+=;\n# ]+");
            assertThat(Verifier.verify(problem.answers(), problem.solution()).correct())
                    .isTrue();
        });
    }

    @Property(tries = 30)
    void aSeedDecidesEverything(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int terms) {
        Arithmetic arithmetic = new Arithmetic(terms, 50);
        assertThat(arithmetic.splits(200, 50, seed)).isEqualTo(arithmetic.splits(200, 50, seed));
        assertThat(arithmetic.problems(200, seed)).isNotEqualTo(arithmetic.problems(200, seed + 1));
    }

    @Property(tries = 20)
    void heldOutSumsAreNotTrainedOnInAnyOrder(@ForAll long seed) {
        Arithmetic.Splits splits = new Arithmetic(3, 12).splits(400, 60, seed);
        Set<List<Integer>> heldOut =
                splits.heldOut().stream().map(ArithmeticTest::sortedTerms).collect(Collectors.toSet());
        assertThat(splits.train()).hasSize(400).doesNotHaveDuplicates();
        assertThat(splits.heldOut()).hasSize(60).doesNotHaveDuplicates();
        assertThat(splits.train()).noneMatch(problem -> heldOut.contains(sortedTerms(problem)));
    }

    @Test
    void moreProblemsThanThereAreAreRefused() {
        assertThatThrownBy(() -> new Arithmetic(2, 3).problems(10, 1))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("hardly more than 9");
        assertThatThrownBy(() -> new Arithmetic(1, 3)).hasMessageContaining("terms is 1");
    }

    @Property(tries = 300)
    void noisySolutionsEndWrongExactlyWhenAStepIs(@ForAll long seed, @ForAll @IntRange(max = 999) int index) {
        Problem problem = Arithmetic.DEFAULT.problems(1000, 3).get(index);
        String noisy = NoisySteps.noisySolution(problem.problem(), seed, 0.3);
        assertThat(noisy).isEqualTo(NoisySteps.noisySolution(problem.problem(), seed, 0.3));
        assertThat(Verifier.verify(problem.answers(), noisy).correct()).isEqualTo(noisy.equals(problem.solution()));
        long before = -1;
        for (String step : noisy.lines().findFirst().orElseThrow().split(";")) {
            String[] parts = step.split("[+=]");
            assertThat(before < 0 || before == Long.parseLong(parts[0]))
                    .as("goes on from its own value")
                    .isTrue();
            before = Long.parseLong(parts[2]);
        }
        assertThat(noisy).endsWith("#### " + before);
    }

    @Test
    void slipsComeAsOftenAsAskedAndLookLikeSlips() {
        List<Problem> problems = Arithmetic.DEFAULT.problems(4000, 5);
        int steps = 0;
        int slips = 0;
        Set<Long> distances = new HashSet<>();
        for (Problem problem : problems) {
            String noisy = NoisySteps.noisySolution(problem.problem(), 9, 0.3);
            for (String step : noisy.lines().findFirst().orElseThrow().split(";")) {
                long[] n = Arrays.stream(step.split("[+=]"))
                        .mapToLong(Long::parseLong)
                        .toArray();
                steps++;
                slips += n[0] + n[1] == n[2] ? 0 : 1;
                distances.add(Math.abs(n[0] + n[1] - n[2]));
            }
        }
        assertThat((double) slips / steps).isBetween(0.28, 0.32);
        assertThat(distances).contains(1L, 5L, 10L, 100L).allMatch(distance -> distance <= 100);
        assertThat(problems)
                .allMatch(p -> NoisySteps.noisySolution(p.problem(), 1, 0).equals(p.solution()));
        assertThat(problems)
                .noneMatch(p -> Verifier.verify(p.answers(), NoisySteps.noisySolution(p.problem(), 1, 1))
                        .correct());
        assertThatThrownBy(() -> NoisySteps.noisySolution("2*3=", 1, 0.3)).hasMessageContaining("no generated sum");
    }
}
