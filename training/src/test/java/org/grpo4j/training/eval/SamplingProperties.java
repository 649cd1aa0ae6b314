package org.grpo4j.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** pass@k and maj@k against enumeration of every subset of the samples. */
class SamplingProperties {

    /** For each sample its answer, -1 for none; answer 0 and, sometimes, answer 3 are right. */
    @Provide
    Arbitrary<List<Integer>> answers() {
        return Arbitraries.integers().between(-1, 4).list().ofMinSize(1).ofMaxSize(10);
    }

    @Property(tries = 200)
    void passAtKIsTheShareOfSubsetsWithACorrectSample(
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 0, max = 12) int correct,
            @ForAll @IntRange(min = 1, max = 12) int k) {
        int c = Math.min(correct, n);
        int size = Math.min(k, n);
        int firstCorrect = (1 << c) - 1;
        double with = 0;
        double all = 0;
        for (int subset = 0; subset < 1 << n; subset++) {
            if (Integer.bitCount(subset) == size) {
                all++;
                with += (subset & firstCorrect) != 0 ? 1 : 0;
            }
        }
        assertThat(PassAtK.of(n, c, size)).isCloseTo(with / all, within(1e-12));
    }

    @Property(tries = 150)
    void majorityIsTheMeanOverSubsetsWithTiesShared(
            @ForAll("answers") List<Integer> answers, @ForAll boolean two, @ForAll @IntRange(min = 1, max = 10) int k) {
        int size = Math.min(k, answers.size());
        double won = 0;
        double all = 0;
        for (int subset = 0; subset < 1 << answers.size(); subset++) {
            if (Integer.bitCount(subset) == size) {
                all++;
                won += outcome(answers, subset, two);
            }
        }
        assertThat(MajorityVote.of(votes(answers, two), size)).isCloseTo(won / all, within(1e-12));
    }

    private static double outcome(List<Integer> answers, int subset, boolean two) {
        int[] counts = new int[5];
        for (int i = 0; i < answers.size(); i++) {
            if ((subset >> i & 1) == 1 && answers.get(i) >= 0) {
                counts[answers.get(i)]++;
            }
        }
        int most = Arrays.stream(counts).max().orElseThrow();
        if (most == 0) {
            return 0;
        }
        double first = Arrays.stream(counts).filter(count -> count == most).count();
        double right = (counts[0] == most ? 1 : 0) + (two && counts[3] == most ? 1 : 0);
        return right / first;
    }

    @Property(tries = 100)
    void oneVoterIsOneSample(@ForAll("answers") List<Integer> answers) {
        int correct = (int) answers.stream().filter(answer -> answer == 0).count();
        assertThat(MajorityVote.of(votes(answers, false), 1))
                .isCloseTo(PassAtK.of(answers.size(), correct, 1), within(1e-12));
    }

    @Property(tries = 100)
    void moreTriesNeverHurt(@ForAll @IntRange(min = 2, max = 500) int n, @ForAll @IntRange(min = 0, max = 500) int c) {
        int correct = Math.min(c, n);
        double before = 0;
        for (int k = 1; k <= n; k++) {
            double now = PassAtK.of(n, correct, k);
            assertThat(now).isBetween(before - 1e-12, 1.0);
            before = now;
        }
        assertThat(before).isEqualTo(correct > 0 ? 1.0 : 0.0);
    }

    @Test
    void aThousandSamplesDoNotOverflow() {
        AnswerVotes votes = new AnswerVotes(new int[] {450, 449}, new boolean[] {true, false}, 101);
        assertThat(MajorityVote.of(votes, 1000)).isCloseTo(1, within(1e-9));
        assertThat(MajorityVote.of(votes, 500)).isBetween(0.4, 0.6);
    }

    @Test
    void whatCannotBeEstimatedIsRefused() {
        assertThatThrownBy(() -> PassAtK.of(2, 1, 3)).hasMessageContaining("pass@3 of 2 samples");
        assertThatThrownBy(() -> PassAtK.of(2, 3, 1)).isInstanceOf(IllegalArgumentException.class);
        AnswerVotes votes = new AnswerVotes(new int[] {1}, new boolean[] {true}, 0);
        assertThatThrownBy(() -> MajorityVote.of(votes, 2)).hasMessageContaining("maj@2 of 1 samples");
    }

    @Test
    void votesGoByValueAndNotBySpelling() {
        AnswerVotes votes = AnswerVotes.of(
                Arrays.asList("1/2", "0.5", "\\frac{1}{2}", "2", null, "2.0"),
                List.of(true, true, true, false, false, false),
                AnswerEquivalence.VERIFIED);
        assertThat(votes.sizes()).containsExactly(3, 2);
        assertThat(votes.correct()).containsExactly(true, false);
        assertThat(votes.abstaining()).isEqualTo(1);
    }

    private static AnswerVotes votes(List<Integer> answers, boolean two) {
        return AnswerVotes.of(
                answers.stream()
                        .map(answer -> answer < 0 ? null : answer.toString())
                        .toList(),
                answers.stream()
                        .map(answer -> answer == 0 || (two && answer == 3))
                        .toList(),
                String::equals);
    }
}
