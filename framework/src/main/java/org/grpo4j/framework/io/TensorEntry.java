package org.grpo4j.framework.io;

/**
 * One tensor of a safetensors file.
 *
 * @param name its name in the file
 * @param type how its numbers are stored
 * @param shape row-major; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte
 */
public record TensorEntry(String name, TensorType type, long[] shape, long begin, long end) {

    /** Number of scalars. */
    public long length() {
        return (end - begin) / type.bytes();
    }
}
