package org.grpo4j.training.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Changes of bytes that know nothing of what they mean: what bad disks, cut copies and strangers do. */
final class ByteMutator {

    private ByteMutator() {}

    static byte[] mutate(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            result = once(result, random);
        }
        return result;
    }

    private static byte[] once(byte[] bytes, Random random) {
        if (bytes.length < 2) {
            return random(random);
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(1 + random.nextInt(64)), bytes.length - at);
        return switch (random.nextInt(9)) {
            case 0, 1 -> flip(bytes, at, random);
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> splice(bytes, at, at, random(random));
            case 4 -> splice(bytes, at, at + length, new byte[0]);
            case 5 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            case 6 -> splice(bytes, at, at + length, copyOfSome(bytes, random));
            case 7 -> overwrite(bytes, at, length, random);
            default -> number(bytes, at, random);
        };
    }

    private static byte[] flip(byte[] bytes, int at, Random random) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private static byte[] random(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] copyOfSome(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)));
    }

    private static byte[] overwrite(byte[] bytes, int at, int length, Random random) {
        Arrays.fill(bytes, at, at + length, random.nextBoolean() ? (byte) random.nextInt(256) : (byte) -1);
        return bytes;
    }

    /** An extreme number where one may stand: aligned, little-endian. */
    private static byte[] number(byte[] bytes, int at, Random random) {
        boolean wide = random.nextBoolean();
        int aligned = at & (wide ? -8 : -4);
        if (aligned + (wide ? 8 : 4) <= bytes.length) {
            put(bytes, aligned, wide, Extremes.integer(random, bytes.length));
        }
        return bytes;
    }

    static void put(byte[] bytes, int at, boolean wide, long value) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (wide) {
            buffer.putLong(at, value);
        } else {
            buffer.putInt(at, (int) value);
        }
    }

    /** The bytes with those from {@code from} to {@code to} (exclusive) replaced. */
    static byte[] splice(byte[] bytes, int from, int to, byte[] put) {
        byte[] result = new byte[bytes.length - (to - from) + put.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(put, 0, result, from, put.length);
        System.arraycopy(bytes, to, result, from + put.length, bytes.length - to);
        return result;
    }
}
