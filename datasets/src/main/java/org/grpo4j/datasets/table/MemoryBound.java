package org.grpo4j.datasets.table;

/**
 * How much memory the batches of a file of some size may take. What goes beyond is taken for damage, before it is
 * allocated.
 */
final class MemoryBound {

    /** The tables that Arrow makes beside the data. */
    private static final long CONSTANT = 4 << 20;

    /** Small files whose contents repeat themselves. */
    private static final long COMPRESSED_CONSTANT = 16 << 20;

    /** Texts are compressed to a fourth or an eighth; a batch that unfolds further would be made to fill the memory. */
    private static final long COMPRESSED = 16;

    private MemoryBound() {}

    /** For buffers that lie in the file as they are. */
    static long ofPlain(long fileBytes) {
        return CONSTANT + 2 * fileBytes;
    }

    /** For one batch whose buffers are compressed, when they are not. */
    static long ofCompressed(long fileBytes) {
        return COMPRESSED_CONSTANT + COMPRESSED * fileBytes;
    }
}
