package org.grpo4j.datasets.table;

import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The native memory of one shard. Arrow loses buffers of a batch that turns out to be damaged half-way; they are freed here
 * with the shard. For one thread.
 */
final class ShardMemory implements AllocationManager.Factory {

    /** Buffers are rounded up to this many bytes, and not to powers of two as usual, which would take twice the memory. */
    private static final long SEGMENT = 1024;

    private final Set<Chunk> chunks = new HashSet<>();

    /** An allocator whose buffers are known here. */
    BufferAllocator allocator(long limit) {
        return new RootAllocator(RootAllocator.configBuilder()
                .maxAllocation(limit)
                .roundingPolicy(new SegmentRoundingPolicy(SEGMENT))
                .allocationManagerFactory(this)
                .build());
    }

    /** Frees what nobody released; none of it may be used afterwards. */
    void freeLost() {
        chunks.forEach(Chunk::free);
        chunks.clear();
    }

    @Override
    public AllocationManager create(BufferAllocator allocator, long size) {
        Chunk chunk = new Chunk(allocator, size);
        chunks.add(chunk);
        return chunk;
    }

    @Override
    public ArrowBuf empty() {
        return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
    }

    private final class Chunk extends AllocationManager {

        private final long size;
        private final long address;

        Chunk(BufferAllocator allocator, long size) {
            super(allocator);
            this.size = size;
            this.address = MemoryUtil.allocateMemory(size);
        }

        @Override
        public long getSize() {
            return size;
        }

        @Override
        protected long memoryAddress() {
            return address;
        }

        @Override
        protected void release0() {
            // What was lost has been freed already.
            if (chunks.remove(this)) {
                free();
            }
        }

        private void free() {
            MemoryUtil.freeMemory(address);
        }
    }
}
