package org.grpo4j.framework.device;

/**
 * A graphics processor the driver knows.
 *
 * @param name as the driver calls it
 * @param major major compute capability
 * @param minor minor compute capability
 * @param memoryMegabytes its memory
 * @param driver version of the driver
 */
public record Gpu(String name, int major, int minor, long memoryMegabytes, String driver) {

    public String capability() {
        return major + "." + minor;
    }
}
