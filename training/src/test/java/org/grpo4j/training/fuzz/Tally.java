package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What became of the cases of a target so far, and the one that is being run. It is kept in a file, so that it survives the
 * process that counts.
 */
final class Tally {

    private static final int FIELDS = 7;

    /** Number of the case that is being run. */
    long current;

    long accepted;
    long refused;
    long failed;

    /** Most bytes outside of the heap beyond twice the input. */
    long nativeBytes;

    /** Most bytes allocated on the heap, over the bytes of the input, the first megabyte left out. */
    long heapFactor;

    long slowestMilliseconds;

    void add(Verdict verdict, long bytes) {
        switch (verdict.outcome()) {
            case ACCEPTED -> accepted++;
            case REFUSED -> refused++;
            case FAILED -> failed++;
        }
        nativeBytes = Math.max(nativeBytes, verdict.nativeBytes() - 2 * bytes);
        slowestMilliseconds = Math.max(slowestMilliseconds, verdict.nanoseconds() / 1_000_000);
        heapFactor = Math.max(heapFactor, (verdict.heapBytes() - (1 << 20)) / Math.max(1, bytes));
    }

    void add(Tally other) {
        accepted += other.accepted;
        refused += other.refused;
        failed += other.failed;
        nativeBytes = Math.max(nativeBytes, other.nativeBytes);
        slowestMilliseconds = Math.max(slowestMilliseconds, other.slowestMilliseconds);
        heapFactor = Math.max(heapFactor, other.heapFactor);
    }

    long tried() {
        return accepted + refused + failed;
    }

    void write(RandomAccessFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FIELDS * Long.BYTES);
        bytes.putLong(current).putLong(accepted).putLong(refused).putLong(failed);
        bytes.putLong(nativeBytes).putLong(heapFactor).putLong(slowestMilliseconds);
        file.seek(0);
        file.write(bytes.array());
    }

    /** @throws IOException if nothing was written there yet */
    static Tally read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < FIELDS * Long.BYTES) {
            throw new IOException(file + " holds no tally: the process ended before its first case");
        }
        Tally tally = new Tally();
        tally.current = bytes.getLong();
        tally.accepted = bytes.getLong();
        tally.refused = bytes.getLong();
        tally.failed = bytes.getLong();
        tally.nativeBytes = bytes.getLong();
        tally.heapFactor = bytes.getLong();
        tally.slowestMilliseconds = bytes.getLong();
        return tally;
    }
}
