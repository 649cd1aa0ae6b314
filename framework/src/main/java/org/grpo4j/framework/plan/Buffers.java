package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Places the intermediate results of a plan in one block of memory a data type, so that results whose lifetimes do not
 * overlap share space. Greedy by size: the largest first, each at the lowest offset free during its lifetime.
 */
final class Buffers {
    /** Buffers start at multiples of this many elements: 64 bytes for the narrowest floating-point type in use. */
    private static final long ALIGNMENT = 16;

    private final List<Buffer> buffers = new ArrayList<>();
    private final Map<DataType, Long> blockLength = new EnumMap<>(DataType.class);

    /** One piece of memory, live from the step that writes it through the last step that reads it. */
    static final class Buffer {
        final DataType type;
        final long length;
        final int firstStep;
        int lastStep;
        long offset = -1;

        Buffer(DataType type, long length, int step) {
            this.type = type;
            this.length = length;
            this.firstStep = step;
            this.lastStep = step;
        }

        void usedAt(int step) {
            lastStep = Math.max(lastStep, step);
        }

        private boolean livesWith(Buffer other) {
            return firstStep <= other.lastStep && other.firstStep <= lastStep;
        }

        private long end() {
            return offset + aligned(length);
        }
    }

    Buffer create(DataType type, long length, int step) {
        Buffer buffer = new Buffer(type, length, step);
        buffers.add(buffer);
        return buffer;
    }

    /** Gives every buffer its offset, in elements from the start of its type's block. */
    void place() {
        List<Buffer> largestFirst = new ArrayList<>(buffers);
        largestFirst.sort(Comparator.comparingLong((Buffer b) -> -b.length).thenComparingInt(b -> b.firstStep));
        Map<DataType, List<Buffer>> placed = new EnumMap<>(DataType.class);
        for (Buffer buffer : largestFirst) {
            List<Buffer> neighbours = placed.computeIfAbsent(buffer.type, t -> new ArrayList<>());
            buffer.offset = lowestFree(buffer, neighbours);
            int at = 0;
            while (at < neighbours.size() && neighbours.get(at).offset <= buffer.offset) {
                at++;
            }
            neighbours.add(at, buffer);
            blockLength.merge(buffer.type, buffer.end(), Math::max);
        }
    }

    /** Elements needed of each type. */
    Map<DataType, Long> blockLengths() {
        return blockLength;
    }

    /** Bytes that all buffers would take side by side. */
    long unsharedBytes() {
        return buffers.stream().mapToLong(b -> b.length * b.type.width()).sum();
    }

    private static long lowestFree(Buffer buffer, List<Buffer> byOffset) {
        long offset = 0;
        for (Buffer other : byOffset) {
            if (!other.livesWith(buffer)) {
                continue;
            }
            if (other.offset - offset >= aligned(buffer.length)) {
                break;
            }
            offset = Math.max(offset, other.end());
        }
        return offset;
    }

    private static long aligned(long length) {
        return (Math.max(length, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
