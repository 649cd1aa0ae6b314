package org.grpo4j.framework.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells a file from every other one.
 *
 * @param bytes size of the file
 * @param sha256 its SHA-256 in lower-case hexadecimal digits, as {@code sha256sum} prints it
 */
public record FileDigest(long bytes, String sha256) {
    private static final int BUFFER = 1 << 20;

    /** Reads a whole file. */
    public static FileDigest of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) >= 0) {
                bytes += buffer.position();
                digest.update(buffer.flip());
            }
        }
        return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
