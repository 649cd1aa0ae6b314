package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.grpo4j.datasets.verify.Verification.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {

    private static Verification boxed(String gold, String answer) {
        return Verifier.verify(gold, "\\boxed{" + answer + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on            | no",
                "5             | 5 million",
                "5             | 5!",
                "2             | 2 xyz",
                "2             | 2x",
                "12            | 1 2",
                "12            | 1, 2",
                "7/2           | 3 times 1/2",
                "6             | 2 \\text{ of } 3",
                "5             | y \\ge 5",
                "x = 5         | y = 5",
                "x = x + 1     | y = y + 2",
                "0             | \\infty - \\infty",
                "\\lvert x \\rvert | x",
                "x             | \\sqrt{x^2}",
                "\\sin 30      | \\sin 30^\\circ",
                "\\log 8       | \\ln 8",
                "-8            | (-8)^{1/3}",
                "0.3333333     | 0.3333334",
                "1/3           | 0.33333334",
                "1             | 0.9999999",
                "12345678      | 12345678.0000001",
                "(1,2]         | (1,2)",
                "\\{1,2\\}     | \\{1,2,2\\}",
                "5             | 5 and 5",
                "2^{1000000}   | 2^{1000001}",
                "1             | 1^{10^{10}}^{2}",
                "1             | x/x + 0/0"
            })
    void differentValuesAreNeverCalledRight(String gold, String answer) {
        assertThat(boxed(gold, answer).correct()).isFalse();
        assertThat(boxed(answer, gold).correct()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "16.5              | 16\\tfrac12",
                "1000              | \\text{1,000 dollars}",
                "\\frac{1}{1+i}    | \\frac12 - \\frac i2",
                "\\sqrt{2}\\sqrt{3}| \\sqrt6",
                "3                 | \\log_2 8",
                "\\tan 60^\\circ   | \\sqrt 3",
                "2/3               | 0.6666667",
                "(x+1)(x-1)        | x^2-1",
                "x = 5             | x=5.0",
                "18                | 18 apples",
                "-\\frac{1}{2}     | -.5",
                "6.02e23           | 6.02 \\times 10^{23}"
            })
    void theSameValueIsRightHoweverItIsWritten(String gold, String answer) {
        assertThat(boxed(gold, answer).correct()).as("%s", boxed(gold, answer)).isTrue();
    }

    @Test
    void anyOfTheAlternativesIsRight() {
        assertThat(Verifier.verify(List.of("0.01", "0.02"), "#### 0.02").correct())
                .isTrue();
        assertThat(Verifier.verify(List.of("0.01", "0.02"), "#### 0.03").correct())
                .isFalse();
        assertThat(Verifier.verify(List.of(), "1").correct()).isFalse();
    }

    @Test
    void strictExtractionTakesMarkedAnswersOnly() {
        String unmarked = "Adding both, there are 5 + 7 = $12$ apples.";
        assertThat(Verifier.extract(unmarked)).isEqualTo("12");
        assertThat(Verifier.extract(unmarked, Extraction.STRICT)).isNull();
        assertThat(Verifier.verify("12", unmarked, Extraction.STRICT).reason()).isEqualTo(Reason.NO_ANSWER);
        for (String marked :
                List.of("\\boxed{12}", "#### 12", "The final answer is 12.", "Answer: 12", "<answer>12</answer>")) {
            assertThat(Verifier.verify("12", marked, Extraction.STRICT).correct())
                    .as(marked)
                    .isTrue();
        }
    }

    @Test
    void votesAreEquivalentByValue() {
        assertThat(Verifier.equivalent("\\frac12", "0.5")).isTrue();
        assertThat(Verifier.equivalent("\\heartsuit", "\\heartsuit")).isTrue();
        assertThat(Verifier.equivalent("\\heartsuit", "\\clubsuit")).isFalse();
        assertThat(Verifier.equivalent("(1,2)", "(2,1)")).isFalse();
    }

    @Test
    void aCompletionOfAFewWordsIsAllAnswer() {
        assertThat(Verifier.verify("Yes", "yes.").correct()).isTrue();
        assertThat(Verifier.verify("no solution", "\\text{no solution}").correct())
                .isTrue();
        assertThat(Verifier.verify("C", "The correct option is C.").correct()).isTrue();
        assertThat(Verifier.verify("C", "The correct choice is D, not C.").correct())
                .isFalse();
    }

    @Test
    void theReasonTellsWhatWentWrong() {
        assertThat(boxed("5", "5.0").reason()).isEqualTo(Reason.EQUAL);
        assertThat(boxed("5", "6").reason()).isEqualTo(Reason.DIFFERENT);
        assertThat(Verifier.verify("5", "I have no idea at all").reason()).isEqualTo(Reason.NO_ANSWER);
        assertThat(Verifier.verify("5", "so \\boxed{5").reason()).isEqualTo(Reason.NO_ANSWER);
        assertThat(boxed("5", "\\heartsuit").reason()).isEqualTo(Reason.ANSWER_NOT_PARSED);
        assertThat(boxed("\\heartsuit", "5").reason()).isEqualTo(Reason.GOLD_NOT_PARSED);
        assertThat(boxed("5", "10^{10^{10}}").reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "1e-999999999",
                "10^{-2147483648}",
                "2^{2147483648}",
                "0^{-1}",
                "0^0",
                "(1/3)^{100000}",
                "(a+b+c+d+e+f+g+h)^{64}",
                "\\sin((\\sin((\\sin((\\sin((a+b)^{50})+1)^{50})+1)^{50})+1)^{50})",
                "(((((x^{99999})^{99999})^{99999})^{99999})^{99999})^{99999}",
                "\\sqrt{99999999999999999999999999999999999999}",
                "\\ln(4611686014132420609)",
                "\\sqrt[0]{2}",
                "\\log_1 5",
                "\\frac{\\frac{\\frac{1}{0}}{2}}{3}",
                "x_{x_{x_{x_x}}}",
                "\\sum_{k=1}^{10^{12}} k",
                "\\sum_{a=1}^{999}\\sum_{b=1}^{999}\\sum_{c=1}^{999} abc",
                "\\binom{2500}{1250}\\binom{2500}{1250}\\binom{2500}{1250}",
                "e^{e^{e^{e^{e}}}}",
                "\\sin(10^{400})",
                "\\pi^{1000000}\\pi^{1000000}\\pi^{1000000}",
                "2^{0.5^{1000000}}",
                "\\lfloor 10^{300}\\pi \\rfloor",
                "9!!!!!"
            })
    void hostileExpressionsEndWithinTheBudget(String answer) {
        assertThat(boxed("7", answer).correct()).isFalse();
        assertThat(boxed(answer, "7").correct()).isFalse();
    }
}
