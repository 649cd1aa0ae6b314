package org.grpo4j.datasets.overlap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Copies stay copies whatever is done to their looks; changes of their content are seen. */
class ProblemTextProperties {

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of(
                        "find",
                        "the",
                        "value",
                        "of",
                        "x",
                        "3",
                        "14",
                        "2.5",
                        "+",
                        "-",
                        "=",
                        "triangle",
                        "\\frac",
                        "area",
                        "π")
                .list()
                .ofMinSize(4)
                .ofMaxSize(40);
    }

    @Property(tries = 200)
    void looksDoNotMatter(@ForAll("words") List<String> words, @ForAll Random random) {
        StringBuilder dressed = new StringBuilder();
        for (String word : words) {
            String cased = random.nextBoolean() && !word.startsWith("\\") ? word.toUpperCase(Locale.ROOT) : word;
            dressed.append(cased)
                    .append(List.of(" ", "  ", "\n", " \\, ", " $", " . ", " \\quad ", "; ")
                            .get(random.nextInt(8)));
        }
        String plain = String.join(" ", words);
        assertThat(ProblemText.of(dressed.toString()).key())
                .isEqualTo(ProblemText.of(plain).key());
        String chat = "<|im_start|>user\n" + dressed + "<|im_end|>\n<|im_start|>assistant\n";
        assertThat(ProblemText.of(chat).key()).isEqualTo(ProblemText.of(plain).key());
    }

    @Property(tries = 200)
    void anotherNumberIsAnotherProblem(
            @ForAll("words") List<String> words, @ForAll @IntRange(max = 10_000) int number) {
        String text = String.join(" ", words) + " is ";
        assertThat(ProblemText.of(text + number).key())
                .isNotEqualTo(ProblemText.of(text + (number + 1)).key());
    }

    @Property(tries = 200)
    void aProblemIsNearItselfInALongerText(
            @ForAll("words") List<String> words, @ForAll @IntRange(min = 1, max = 4) int n) {
        ProblemIndex index = new ProblemIndex(n);
        String text = String.join(" ", words);
        index.add(ProblemText.of("something else " + text + " and more behind it"));
        ProblemText part = ProblemText.of(text);
        if (part.tokens().size() >= n) {
            assertThat(index.near(part, 1))
                    .extracting(ProblemIndex.Near::containment)
                    .containsExactly(1.0);
        }
    }

    @Property(tries = 300)
    void anyTextIsReadWithoutComplaint(@ForAll String text) {
        assertThat(ProblemText.of(text).ngrams(3)).doesNotHaveDuplicates();
    }
}
