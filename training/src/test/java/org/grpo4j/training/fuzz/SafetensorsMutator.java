package org.grpo4j.training.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Changes of a safetensors file: of its header as JSON, of the header's length, of the numbers, or of any bytes. */
final class SafetensorsMutator {

    private SafetensorsMutator() {}

    static byte[] mutate(byte[] file, Random random) {
        if (random.nextInt(5) == 0) {
            return ByteMutator.mutate(file, random);
        }
        int headerBytes =
                (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Arrays.copyOfRange(file, Long.BYTES, Long.BYTES + headerBytes);
        byte[] data = Arrays.copyOfRange(file, Long.BYTES + headerBytes, file.length);
        byte[] changed = random.nextInt(4) == 0 ? header : JsonMutator.mutate(header, random);
        long claimed = random.nextInt(6) == 0 ? Extremes.integer(random, file.length) : changed.length;
        if (random.nextInt(6) == 0) {
            data = ByteMutator.mutate(data, random);
        }
        return ByteBuffer.allocate(Long.BYTES + changed.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimed)
                .put(changed)
                .put(data)
                .array();
    }
}
