package org.grpo4j.datasets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SHA-256 over problems. Every text is preceded by its length, so that moving a boundary changes the hash. */
final class ContentHash {

    private ContentHash() {}

    static String of(List<Problem> problems) {
        MessageDigest digest = sha256();
        for (Problem problem : problems) {
            add(digest, problem.problem());
            digest.update(length(problem.answers().size()));
            problem.answers().forEach(answer -> add(digest, answer));
            add(digest, problem.solution());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            digest.update(length(-1));
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(length(bytes.length));
        digest.update(bytes);
    }

    private static byte[] length(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
