package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

class StreamingDecoderProperties {

    private static final Tokenizer BYTE_LEVEL = TinyTokenizers.byteLevel();
    private static final Tokenizer BYTE_FALLBACK = TinyTokenizers.byteFallback();

    @AfterContainer
    static void close() {
        BYTE_LEVEL.close();
        BYTE_FALLBACK.close();
    }

    @Property(tries = 500)
    void byteLevelIdsStreamToTheirText(@ForAll("byteLevelIds") int[] ids, @ForAll boolean skipSpecialTokens) {
        requireSameText(BYTE_LEVEL, ids, skipSpecialTokens);
    }

    @Property(tries = 500)
    void sentencePieceIdsStreamToTheirText(@ForAll("byteFallbackIds") int[] ids, @ForAll boolean skipSpecialTokens) {
        requireSameText(BYTE_FALLBACK, ids, skipSpecialTokens);
    }

    @Property(tries = 300)
    void whatFollowsAPromptIsTheRestOfTheText(
            @ForAll("byteLevelIds") int[] prompt, @ForAll("byteLevelIds") int[] rest) {
        int[] all = IntStream.concat(Arrays.stream(prompt), Arrays.stream(rest)).toArray();
        String before = BYTE_LEVEL.decode(prompt, true);
        // A character that the prompt leaves unfinished belongs to the rest.
        int end = before.endsWith("\ufffd") ? before.length() - 1 : before.length();
        assertThat(streamed(BYTE_LEVEL, prompt, rest, true))
                .isEqualTo(BYTE_LEVEL.decode(all, true).substring(end));
    }

    @Property(tries = 200)
    void validTextNeverShowsAReplacementCharacter(@ForAll("texts") String text) {
        for (Tokenizer tokenizer : new Tokenizer[] {BYTE_LEVEL, BYTE_FALLBACK}) {
            StreamingDecoder decoder = new StreamingDecoder(tokenizer, new int[0], false);
            StringBuilder streamed = new StringBuilder();
            for (int id : tokenizer.encode(text, false)) {
                String piece = decoder.accept(id);
                assertThat(piece).doesNotContain("\ufffd");
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(piece))
                        .as("no half of a surrogate pair")
                        .isTrue();
                streamed.append(piece);
            }
            assertThat(streamed.append(decoder.finish())).hasToString(text);
        }
    }

    @Example
    void aGenuineReplacementCharacterIsHeldForOneTokenOnly() {
        StreamingDecoder decoder = new StreamingDecoder(BYTE_LEVEL, new int[0], false);
        String text = "";
        for (int i = 0; i < 100; i++) {
            for (int id : new int[] {0xef, 0xbf, 0xbd}) {
                text += decoder.accept(id);
            }
            assertThat(text).hasSize(i);
        }
        assertThat(text + decoder.finish()).isEqualTo("\ufffd".repeat(100));
        assertThat(decoder.finish()).isEmpty();
    }

    @Example
    void decodingCostsTheSameHoweverLongTheText() {
        CountingTokenizer counting = new CountingTokenizer(BYTE_LEVEL);
        StreamingDecoder decoder = new StreamingDecoder(counting, new int[10_000], true);
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            // Bytes that are never a character, characters that lie across all borders of tokens, and tokens left out.
            decoder.accept(i < 2_000 ? 0x80 + random.nextInt(0x80) : i < 4_000 ? 259 : 260);
        }
        assertThat(counting.longest()).isLessThanOrEqualTo(20);
    }

    private static void requireSameText(Tokenizer tokenizer, int[] ids, boolean skipSpecialTokens) {
        assertThat(streamed(tokenizer, new int[0], ids, skipSpecialTokens))
                .isEqualTo(tokenizer.decode(ids, skipSpecialTokens));
    }

    private static String streamed(Tokenizer tokenizer, int[] context, int[] ids, boolean skipSpecialTokens) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, context, skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.finish()).toString();
    }

    /** Every byte, many that begin or go on with a character, tokens of several bytes, added ones, and one id too high. */
    @Provide
    Arbitrary<int[]> byteLevelIds() {
        Arbitrary<Integer> id = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(0, 262)),
                Tuple.of(4, Arbitraries.of(0xe6, 0xbc, 0xa2, 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xa9, 0xed)),
                Tuple.of(2, Arbitraries.integers().between(256, 262)),
                Tuple.of(1, Arbitraries.of((int) 'a', (int) ' ', 0xef, 0xbf, 0xbd)));
        return id.array(int[].class).ofMaxSize(60);
    }

    @Provide
    Arbitrary<int[]> byteFallbackIds() {
        Arbitrary<Integer> id = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Arbitraries.of(0xe6, 0xbc, 0xa2, 0xf0, 0x9f, 0x98, 0x80, 0x20, 0xff)
                                .map(value -> value + 3)),
                Tuple.of(4, Arbitraries.integers().between(259, 267)),
                Tuple.of(1, Arbitraries.integers().between(0, 258)));
        return id.array(int[].class).ofMaxSize(60);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a", " ", "b", "\u00e9", "\u6f22", "\ud83d\ude00", "e\u0301", "\ud83d\udc68\u200d\ud83d\udc69")
                .list()
                .ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }
}
