package org.grpo4j.models.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Hugging Face's tokenizer, called below the library's Java face: that one also builds the spelling, the span and three
 * masks of every token, which takes a third of its time and which nobody here reads. Truncation and padding of the file
 * are switched off.
 *
 * <p>Any number of threads may encode and decode; closing waits for them. A call after that fails instead of reading
 * freed memory.
 */
final class NativeTokenizer implements AutoCloseable {

    private static final Map<String, String> OPTIONS = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

    static {
        // The library would look for updates and report its use over the network.
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        // On a machine with CUDA it would fetch another build of itself; the one in the jar serves all.
        setUnlessSet("RUST_FLAVOR", "cpu");
    }

    private final HuggingFaceTokenizer owner;
    private final ReadWriteLock closing = new ReentrantReadWriteLock();

    /**
     * @param json content of a {@code tokenizer.json}
     * @throws RuntimeException if the library does not understand it
     */
    NativeTokenizer(byte[] json) throws IOException {
        owner = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
    }

    int[] encode(String text, boolean addSpecialTokens) {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        Lock use = closing.readLock();
        use.lock();
        try {
            long encoding = library.encode(handle(), wellFormed(text), addSpecialTokens);
            try {
                return narrow(library.getTokenIds(encoding));
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            use.unlock();
            // The library frees the native side once the owner is garbage, although a call on its handle is under way.
            Reference.reachabilityFence(owner);
        }
    }

    /** @param ids none negative */
    String decode(long[] ids, boolean skipSpecialTokens) {
        Lock use = closing.readLock();
        use.lock();
        try {
            return TokenizersLibrary.LIB.decode(handle(), ids, skipSpecialTokens);
        } finally {
            use.unlock();
            Reference.reachabilityFence(owner);
        }
    }

    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            owner.close();
        } finally {
            closing.writeLock().unlock();
        }
    }

    /** @throws IllegalStateException after closing */
    void requireOpen() {
        if (owner.isReleased()) {
            throw new IllegalStateException("The tokenizer has been closed.");
        }
    }

    private long handle() {
        requireOpen();
        return owner.getHandle();
    }

    private static int[] narrow(long[] ids) {
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = (int) ids[i];
        }
        return result;
    }

    /** Half a surrogate pair is no character and the native side cannot take it; U+FFFD stands for such halves. */
    private static String wellFormed(String text) {
        if (!hasLoneSurrogate(text)) {
            return text;
        }
        return text.codePoints()
                .map(c -> isSurrogate(c) ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (isSurrogate(codePoint)) {
                return true;
            }
            i += Character.charCount(codePoint);
        }
        return false;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
