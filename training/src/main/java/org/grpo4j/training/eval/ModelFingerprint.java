package org.grpo4j.training.eval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A short hash of a checkpoint folder, to notice that it is another model. Of each file of weights or settings it takes
 * the name, the size and the first and last mebibyte: any training step changes these, and gigabytes need not be read.
 */
final class ModelFingerprint {

    private static final int PART = 1 << 20;

    private ModelFingerprint() {}

    static String of(Path folder) throws IOException {
        MessageDigest digest = sha256();
        for (Path file : files(folder)) {
            long size = Files.size(file);
            digest.update((file.getFileName() + " " + size + "\n").getBytes(StandardCharsets.UTF_8));
            try (FileChannel channel = FileChannel.open(file)) {
                add(digest, channel, 0, Math.min(size, PART));
                add(digest, channel, Math.max(0, size - PART), size);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".safetensors")
                            || file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static void add(MessageDigest digest, FileChannel channel, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Reads on until the part is there or the file ends.
        }
        digest.update(bytes.flip());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
