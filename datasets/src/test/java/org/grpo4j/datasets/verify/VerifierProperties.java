package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class VerifierProperties {

    private static boolean correct(String gold, String answer) {
        return Verifier.verify(gold, "It is \\boxed{" + answer + "}.").correct();
    }

    /** Strings of the pieces that the parser has rules for, in any order: much nearer to its edges than letters are. */
    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(List.of(
                        "\\frac",
                        "{",
                        "}",
                        "(",
                        ")",
                        "[",
                        "]",
                        "1",
                        "2",
                        "0",
                        "9,000",
                        ".",
                        ",",
                        "-",
                        "+",
                        "*",
                        "/",
                        "^",
                        "_",
                        "=",
                        "x",
                        "abc",
                        "\\sqrt",
                        "\\boxed",
                        "\\boxed{",
                        "$",
                        "\\pi",
                        "\\infty",
                        "\\pm",
                        "\\cup",
                        "\\{",
                        "\\}",
                        "\\text{ cm}",
                        "\\text{",
                        "%",
                        "\\%",
                        "\\sin",
                        "\\log_",
                        "^\\circ",
                        "!",
                        "e9",
                        " ",
                        "\n",
                        "####",
                        "answer is ",
                        "<think>",
                        "</think>",
                        "|",
                        "\\",
                        "and",
                        "\u2212",
                        "\u221a"))
                .list()
                .ofMaxSize(25)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 3000)
    void nothingThrowsAndEveryTextEqualsItself(@ForAll("pieces") String text) {
        Verification result = Verifier.verify(text, text);
        Verifier.verify("5", text);
        Verifier.verify(text, "5");
        assertThat(result.reason()).isNotNull();
    }

    @Property(tries = 500)
    void anyTextIsJudged(@ForAll String gold, @ForAll String answer) {
        Verifier.verify(gold, answer);
        assertThat(Verifier.verify("1234567", answer).correct()).isFalse();
    }

    @Property(tries = 300)
    void integersEqualOnlyThemselves(@ForAll BigInteger a, @ForAll BigInteger b) {
        assertThat(correct(a.toString(), a.toString())).isTrue();
        assertThat(correct(a.toString(), a + ".0")).isTrue();
        assertThat(correct(a.toString(), a.add(BigInteger.ONE).toString())).isFalse();
        assertThat(correct(a.toString(), b.toString())).isEqualTo(a.equals(b));
    }

    @Property(tries = 300)
    void fractionsEqualTheirMultiples(
            @ForAll @IntRange(min = -999, max = 999) int top,
            @ForAll @IntRange(min = 1, max = 999) int bottom,
            @ForAll @IntRange(min = 1, max = 50) int factor) {
        String gold = "\\frac{" + top + "}{" + bottom + "}";
        assertThat(correct(gold, top * factor + "/" + bottom * factor)).isTrue();
        assertThat(correct(gold, "\\dfrac{" + -top + "}{" + -bottom + "}")).isTrue();
        assertThat(correct(gold, "\\frac{" + (top + 1) + "}{" + bottom + "}")).isFalse();
        assertThat(correct(top + "/" + bottom, gold)).isTrue();
    }

    @Property(tries = 300)
    void writingDoesNotCount(@ForAll @IntRange(min = 0, max = 99_999_999) int cents) {
        String gold = BigDecimal.valueOf(cents, 2).toPlainString();
        String grouped = String.format(Locale.ROOT, "%,.2f", BigDecimal.valueOf(cents, 2));
        for (String answer :
                List.of(grouped, "\\$" + gold, gold + "0", " " + gold + " \\text{ dollars}", "x = " + gold)) {
            assertThat(correct(gold, answer)).as("%s for %s", answer, gold).isTrue();
        }
        assertThat(Verifier.verify(gold, "That makes\n#### " + grouped).correct())
                .isTrue();
        assertThat(Verifier.verify(gold, "The answer is $" + gold + "$.").correct())
                .isTrue();
    }

    @Property(tries = 300)
    void listsHaveNoOrderAndTuplesHave(@ForAll int a, @ForAll int b) {
        Assume.that(a != b);
        assertThat(correct(a + ", " + b, b + " \\text{ and } " + a)).isTrue();
        assertThat(correct("(" + a + ", " + b + ")", "(" + b + ", " + a + ")")).isFalse();
        assertThat(correct(a + ", " + b, Integer.toString(a))).isFalse();
    }

    @Property(tries = 300)
    void expandedEqualsFactored(
            @ForAll @IntRange(min = -20, max = 20) int a, @ForAll @IntRange(min = -20, max = 20) int b) {
        String factored = "(x+(" + a + "))(x+(" + b + "))";
        assertThat(correct(factored, "x^2 + (" + (a + b) + ")x + (" + a * b + ")"))
                .isTrue();
        assertThat(correct(factored, "x^2 + (" + (a + b) + ")x + (" + (a * b + 1) + ")"))
                .isFalse();
    }
}
