package org.grpo4j.training.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.flatbuf.Message;

/** Changes of an Arrow stream or file: fields of its flatbuffers, lengths before compressed buffers, whole messages. */
final class ArrowMutator {

    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    private ArrowMutator() {}

    /** Where a message lies: its prefix of eight bytes, its metadata and its body. */
    private record Part(int start, int metadata, int body, int end) {}

    static byte[] mutate(byte[] file, Random random) {
        List<Part> parts = parts(file);
        if (parts.isEmpty() || random.nextInt(6) == 0) {
            return ByteMutator.mutate(file, random);
        }
        byte[] result = file.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            change(result, parts.get(random.nextInt(parts.size())), random);
        }
        return random.nextInt(5) == 0 ? moved(result, parts, random) : result;
    }

    private static void change(byte[] file, Part part, Random random) {
        boolean inBody = part.end() > part.body() && random.nextInt(3) == 0;
        int from = inBody ? part.body() : part.start();
        int to = inBody ? part.end() : part.body();
        boolean wide = random.nextBoolean();
        int step = wide ? Long.BYTES : random.nextInt(4) == 0 ? Short.BYTES : Integer.BYTES;
        int at = from + random.nextInt(Math.max(1, (to - from) / step)) * step;
        if (at + (wide ? Long.BYTES : Integer.BYTES) > file.length) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long old = wide ? bytes.getLong(at) : bytes.getInt(at);
        switch (random.nextInt(4)) {
            // Small steps keep offsets in their tables and let the reader come further.
            case 0 -> ByteMutator.put(file, at, wide, old + random.nextInt(17) - 8);
            case 1 -> file[at] = (byte) (file[at] + random.nextInt(9) - 4);
            default -> ByteMutator.put(file, at, wide, Extremes.integer(random, file.length));
        }
    }

    /** A message dropped, doubled, or put in the place of another one. */
    private static byte[] moved(byte[] file, List<Part> parts, Random random) {
        Part part = parts.get(random.nextInt(parts.size()));
        Part other = parts.get(random.nextInt(parts.size()));
        byte[] message = Arrays.copyOfRange(file, part.start(), part.end());
        return switch (random.nextInt(3)) {
            case 0 -> ByteMutator.splice(file, part.start(), part.end(), new byte[0]);
            case 1 -> ByteMutator.splice(file, part.end(), part.end(), message);
            default -> ByteMutator.splice(file, other.start(), other.end(), message);
        };
    }

    private static List<Part> parts(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Part> parts = new ArrayList<>();
        int at = Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length) ? Long.BYTES : 0;
        while (at + Long.BYTES < file.length && bytes.getInt(at) == -1 && bytes.getInt(at + 4) > 0) {
            int metadata = at + Long.BYTES;
            int body = metadata + bytes.getInt(at + 4);
            Message message = Message.getRootAsMessage(bytes.slice(metadata, body - metadata));
            int end = Math.toIntExact(body + message.bodyLength());
            parts.add(new Part(at, metadata, body, end));
            at = end;
        }
        return parts;
    }
}
