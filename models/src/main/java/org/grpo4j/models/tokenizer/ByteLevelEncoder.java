package org.grpo4j.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes plain text, several times as fast as Hugging Face's library and with the same ids, for a
 * {@link ByteLevelPipeline}. All other text is left to the library. Nothing is remembered between texts. May be used by
 * several threads at once.
 */
final class ByteLevelEncoder {

    private final ByteLevelPipeline pipeline;
    private final BytePieces pieces;
    /** Added tokens by their first character, the longest first. */
    private final Map<Character, List<AddedToken>> addedByStart = new HashMap<>();

    private final int[] prefix;
    private final int[] suffix;

    private ByteLevelEncoder(ByteLevelPipeline pipeline, TokenVocabulary vocabulary, int[] prefix, int[] suffix) {
        this.pipeline = pipeline;
        this.prefix = prefix;
        this.suffix = suffix;
        pieces = new BytePieces(vocabulary.ids(), vocabulary.size(), pipeline.merges(), pipeline.ignoreMerges());
        pipeline.added()
                .forEach((content, id) -> addedByStart
                        .computeIfAbsent(content.charAt(0), start -> new ArrayList<>())
                        .add(new AddedToken(content, id)));
        Comparator<AddedToken> longestFirst =
                Comparator.comparingInt(token -> -token.content().length());
        addedByStart.values().forEach(tokens -> tokens.sort(longestFirst));
    }

    private record AddedToken(String content, int id) {}

    /**
     * An encoder for a file, if it is of the kind known here and a trial with every plain character gives the ids of
     * the library.
     */
    static Optional<ByteLevelEncoder> of(byte[] json, TokenVocabulary vocabulary, NativeTokenizer library) {
        return ByteLevelPipeline.recognise(json, vocabulary.ids())
                .flatMap(pipeline -> around(pipeline, vocabulary, library))
                .filter(encoder -> encoder.agreesWith(library));
    }

    /** What the library puts around a text is found by asking it. */
    private static Optional<ByteLevelEncoder> around(
            ByteLevelPipeline pipeline, TokenVocabulary vocabulary, NativeTokenizer library) {
        int[] alone = library.encode("a", false);
        int[] wrapped = library.encode("a", true);
        for (int i = 0; i < wrapped.length; i++) {
            if (alone.length == 1 && wrapped[i] == alone[0]) {
                int[] prefix = Arrays.copyOf(wrapped, i);
                int[] suffix = Arrays.copyOfRange(wrapped, i + 1, wrapped.length);
                return Optional.of(new ByteLevelEncoder(pipeline, vocabulary, prefix, suffix));
            }
        }
        return Optional.empty();
    }

    private boolean agreesWith(NativeTokenizer library) {
        StringBuilder trial = new StringBuilder();
        for (char c : PlainText.characters().toCharArray()) {
            trial.append("a%sa1%s12%s %s'%s'L%s!%s\n%s  %s%s".replace("%s", Character.toString(c)));
        }
        String text = trial.toString();
        return Arrays.equals(encode(text, true), library.encode(text, true))
                && Arrays.equals(encode("", true), library.encode("", true));
    }

    /** The ids, or null if the text must be left to the library. */
    int @Nullable [] encode(String text, boolean addSpecialTokens) {
        if (!PlainText.isPlain(text)) {
            return null;
        }
        IdBuffer ids = new IdBuffer(text.length() / 2 + 16);
        BytePieces.Run run = pieces.new Run();
        if (addSpecialTokens) {
            ids.add(prefix, prefix.length);
        }
        int start = 0;
        for (int i = 0; i < text.length(); ) {
            AddedToken token = addedAt(text, i);
            if (token == null) {
                i++;
                continue;
            }
            if (!encode(text, start, i, run, ids)) {
                return null;
            }
            ids.add(token.id());
            i += token.content().length();
            start = i;
        }
        if (!encode(text, start, text.length(), run, ids)) {
            return null;
        }
        if (addSpecialTokens) {
            ids.add(suffix, suffix.length);
        }
        return ids.toArray();
    }

    private boolean encode(String text, int start, int end, BytePieces.Run run, IdBuffer ids) {
        for (int i = start; i < end; ) {
            int next = PlainText.pieceEnd(text, i, end, pipeline.digits());
            if (!run.add(text, i, next, ids)) {
                return false;
            }
            i = next;
        }
        return true;
    }

    private @Nullable AddedToken addedAt(String text, int index) {
        for (AddedToken token : addedByStart.getOrDefault(text.charAt(index), List.of())) {
            if (text.startsWith(token.content(), index)) {
                return token;
            }
        }
        return null;
    }
}
