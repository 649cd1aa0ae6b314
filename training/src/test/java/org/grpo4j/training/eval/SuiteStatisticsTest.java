package org.grpo4j.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two problems of two levels and one whose prompt is too long, worked out by hand. */
class SuiteStatisticsTest {

    private final SuiteStatistics statistics = SuiteStatistics.of(
            "suite",
            List.of(
                    problem(
                            "0",
                            "1",
                            sample("7", true, 10, true),
                            sample("7", true, 30, true),
                            sample("8", false, 50, false)),
                    problem(
                            "1",
                            "2",
                            sample("3", false, 20, true),
                            sample(null, false, 50, false),
                            sample("4", true, 20, true)),
                    problem("2", "2", tooLong(), tooLong(), tooLong())),
            String::equals,
            Bootstrap.DEFAULT);

    @Test
    void accuracyCountsProblemsThatWereNotAskedAsWrong() {
        assertThat(statistics.accuracy().value()).isCloseTo((2 + 1 + 0) / 9.0, within(1e-12));
        assertThat(statistics.accuracyOverSeeds().value()).isCloseTo(3 / 9.0, within(1e-12));
        assertThat(statistics.promptsTooLong()).isEqualTo(1);
        assertThat(statistics.scores()).containsExactly(2 / 3.0, 1 / 3.0, 0);
    }

    @Test
    void passAndMajorityComeForPowersOfTwoAndAllSamples() {
        assertThat(statistics.passAtK().keySet()).containsExactly(1, 2, 3);
        // Of three pairs, all hold a right one for the first problem and two for the second.
        assertThat(statistics.passAtK().get(2).value()).isCloseTo((1 + 2 / 3.0) / 3, within(1e-12));
        // 7 wins two to one; 3 and 4 tie.
        assertThat(statistics.majorityAtK().get(3).value()).isCloseTo((1 + 0.5) / 3, within(1e-12));
    }

    @Test
    void completionsAreCountedWithoutWhatWasNotAsked() {
        CompletionStatistics completions = statistics.completions();
        assertThat(completions.count()).isEqualTo(6);
        assertThat(completions.truncated()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(completions.lengthMean()).isCloseTo(30, within(1e-12));
        assertThat(completions.lengthMedian()).isCloseTo(25, within(1e-12));
        assertThat(completions.lengthMeanCorrect()).isCloseTo(20, within(1e-12));
        assertThat(completions.finishedAccuracy()).isCloseTo(3 / 4.0, within(1e-12));
        assertThat(completions.withoutAnswer()).isCloseTo(1 / 6.0, within(1e-12));
        assertThat(completions.reasons()).containsEntry(SampleRecord.PROMPT_TOO_LONG, 3L);
        assertThat(statistics.goldsNotParsed()).isZero();
    }

    @Test
    void levelsAreCountedApart() {
        assertThat(statistics.groups())
                .extracting(GroupAccuracy::group, GroupAccuracy::value, GroupAccuracy::problems)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("level", "1", 1),
                        org.assertj.core.api.Assertions.tuple("level", "2", 2));
        assertThat(statistics.groups().get(1).accuracy().value()).isCloseTo(1 / 6.0, within(1e-12));
    }

    @Test
    void whatIsNotKnownIsNullInJson() {
        SuiteStatistics none =
                SuiteStatistics.of("none", List.of(problem("0", "1", tooLong())), String::equals, Bootstrap.DEFAULT);
        assertThat(none.toMap())
                .containsEntry("truncated", null)
                .containsEntry("length_mean", null)
                .containsEntry("accuracy_over_seeds", map(0.0, null, null));
    }

    private static Map<String, Object> map(Object value, Object low, Object high) {
        Map<String, Object> map = new java.util.LinkedHashMap<>();
        map.put("value", value);
        map.put("low", low);
        map.put("high", high);
        return map;
    }

    private static ProblemSamples problem(String id, String level, SampleRecord... samples) {
        return new ProblemSamples(id, Map.of("level", level), new ArrayList<>(List.of(samples)));
    }

    private static SampleRecord sample(String answer, boolean correct, int tokens, boolean finished) {
        String reason = correct ? "equal" : answer == null ? "no answer found" : "different value";
        return new SampleRecord("suite", "0", 0, 0, "text", answer, correct, reason, "7", true, tokens, finished);
    }

    private static SampleRecord tooLong() {
        return new SampleRecord(
                "suite", "2", 0, 0, "", null, false, SampleRecord.PROMPT_TOO_LONG, null, false, 0, false);
    }
}
