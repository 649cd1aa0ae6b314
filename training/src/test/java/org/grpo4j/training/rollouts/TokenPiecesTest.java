package org.grpo4j.training.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class TokenPiecesTest {

    private final Tokenizer bytes = new ByteTokenizer();

    @Test
    void aCharacterBelongsToTheTokenThatCompletesIt() {
        assertThat(new TokenPieces(bytes).of(bytes.encode("a€b", false))).containsExactly("a", "", "", "€", "b");
        assertThat(new TokenPieces(bytes).of(new int[] {'a', ByteTokenizer.END}))
                .containsExactly("a", "");
        assertThat(new TokenPieces(bytes).of(new int[0])).isEmpty();
    }

    /** The rest of a broken character is seen at the token that has it, not at the next one. */
    @Test
    void brokenBytesStayWhereTheyAre() {
        assertThat(new TokenPieces(bytes).of(new int[] {0xe2, 'x', 'y'})).containsExactly("\ufffd", "x", "y");
        assertThat(new TokenPieces(bytes).of(new int[] {'x', 0xe2})).containsExactly("x", "\ufffd");
    }

    @Property(tries = 300)
    void piecesPutTogetherAreTheText(@ForAll String text) {
        assertJoined(bytes, bytes.encode(text, false));
    }

    @Property(tries = 300)
    void soAreThoseOfAnyBytes(@ForAll @Size(max = 40) byte[] random) {
        int[] ids = new int[random.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random[i] & 0xff;
        }
        assertJoined(bytes, ids);
    }

    /** A vocabulary that has single bytes beside pieces of words, and takes the space off the first of them. */
    @Test
    void soAreThoseOfAVocabularyWithBytes() {
        Path model =
                Path.of(System.getProperty("grpo4j.shared", "../../shared")).resolve("fixtures/stories260K");
        assumeTrue(
                Files.isDirectory(model),
                () -> "skipped: there is no " + model + "; point -Dgrpo4j.shared at the shared fixtures");
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            assertJoined(tokenizer, tokenizer.encode("Tom was 8 → 9 years.\n\n\t€ 漢字 😀!", false));
            Random random = new Random(5);
            for (int i = 0; i < 200; i++) {
                assertJoined(
                        tokenizer,
                        random.ints(30, 0, tokenizer.vocabularySize()).toArray());
            }
            int[] ids = tokenizer.encode("a€b", false);
            List<String> pieces = new TokenPieces(tokenizer).of(ids);
            assertThat(pieces.get(pieces.size() - 1))
                    .as("the last token of %s", Arrays.toString(ids))
                    .isEqualTo("b");
        }
    }

    private static void assertJoined(Tokenizer tokenizer, int[] ids) {
        List<String> pieces = new TokenPieces(tokenizer).of(ids);
        assertThat(pieces).hasSize(ids.length);
        assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(ids, true));
    }
}
