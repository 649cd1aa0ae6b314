package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
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
                        "\\begin{pmatrix}",
                        "\\end{pmatrix}",
                        "&",
                        "\\\\",
                        "\\le",
                        "<",
                        "\\in",
                        "\\mathbb{R}",
                        "\\setminus",
                        "\\mid",
                        ":",
                        "\\equiv",
                        "\\pmod",
                        "\\approx",
                        "\\sum_{k=1}^",
                        "\\lfloor",
                        "\\rfloor",
                        "\\binom",
                        "\\overline{3}",
                        "'",
                        "(C)",
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

    @Property(tries = 1500)
    void equivalenceIsSymmetric(@ForAll("pieces") String a, @ForAll("pieces") String b) {
        assertThat(Verifier.equivalent(a, b)).isEqualTo(Verifier.equivalent(b, a));
    }

    /** Values of many kinds, made at random. */
    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> whole =
                Arbitraries.integers().between(-999, 9_999_999).map(String::valueOf);
        Arbitrary<String> small = Arbitraries.integers().between(2, 40).map(String::valueOf);
        Arbitrary<String> decimal = Combinators.combine(whole, small).as((a, b) -> a + "." + b);
        Arbitrary<String> fraction = Combinators.combine(Arbitraries.integers().between(1, 9_999_999), small)
                .as((a, b) -> "\\frac{" + a + "}{" + b + "}");
        Arbitrary<String> root = Combinators.combine(small, small).as((a, b) -> a + "\\sqrt{" + b + "}");
        Arbitrary<String> number = Arbitraries.oneOf(whole, decimal, fraction, root);
        Arbitrary<String> polynomial =
                Combinators.combine(small, small, small).as((a, b, c) -> a + "x^2+" + b + "x-" + c);
        Arbitrary<String> tuple =
                number.list().ofMinSize(2).ofMaxSize(4).map(items -> "(" + String.join(",", items) + ")");
        Arbitrary<String> set =
                number.list().ofMinSize(1).ofMaxSize(4).map(items -> "\\{" + String.join(", ", items) + "\\}");
        Arbitrary<String> interval =
                Combinators.combine(small, whole).as((a, b) -> "[-" + a + ", " + b.replace("-", "") + ")");
        return Arbitraries.oneOf(number, polynomial, tuple, set, interval, polynomial.map(p -> "y = " + p));
    }

    @Property(tries = 400)
    void writingAValueOtherwiseDoesNotCount(@ForAll("values") String value) {
        for (String same : Rewritings.same(value)) {
            assertThat(correct(value, same)).as("%s for %s", same, value).isTrue();
            assertThat(Verifier.equivalent(same, value))
                    .as("%s for %s", value, same)
                    .isTrue();
        }
    }

    @Property(tries = 400)
    void aValueChangedInOnePlaceIsAnotherValue(@ForAll("values") String value) {
        for (String different : Rewritings.different(value)) {
            assertThat(correct(value, different))
                    .as("%s for %s", different, value)
                    .isFalse();
        }
    }

    @Property(tries = 300)
    void anIntervalsEndsCount(
            @ForAll @IntRange(min = -99, max = 99) int low, @ForAll @IntRange(min = 1, max = 99) int width) {
        String inside = low + ", " + (low + width);
        assertThat(correct("(" + inside + ")", "[" + inside + "]")).isFalse();
        assertThat(correct("(" + inside + "]", "[" + inside + ")")).isFalse();
        assertThat(correct("(" + inside + "]", low + " < x \\le " + (low + width)))
                .isTrue();
        assertThat(correct("(" + inside + "]", low + " \\le x \\le " + (low + width)))
                .isFalse();
    }

    @Property(tries = 300)
    void operandsOfADifferenceAndAQuotientCannotBeSwapped(
            @ForAll @IntRange(min = 1, max = 999) int a, @ForAll @IntRange(min = 1, max = 999) int b) {
        Assume.that(a != b);
        assertThat(correct(a + " - \\sqrt{" + b + "}", "\\sqrt{" + b + "} - " + a))
                .isEqualTo(a * a == b);
        assertThat(correct(a + "x - " + b + "y", b + "x - " + a + "y")).isFalse();
        assertThat(correct("\\frac{" + a + "}{" + b + "}", "\\frac{" + b + "}{" + a + "}"))
                .isFalse();
        assertThat(correct("(" + a + "," + b + ")", "(" + b + "," + a + ")")).isFalse();
    }
}
