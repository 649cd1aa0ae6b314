package org.grpo4j.framework.kernel;

import org.grpo4j.framework.plan.KernelSource;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** Which kernels this JVM and backend can run. */
public final class Kernels {
    private static final KernelSource AVAILABLE = find();

    private Kernels() {}

    /**
     * The CPU kernels, or none: on other backends, or in a JVM started without {@code --add-modules
     * jdk.incubator.vector}.
     */
    public static KernelSource available() {
        return AVAILABLE;
    }

    private static KernelSource find() {
        if (!Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend")) {
            return KernelSource.NONE;
        }
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!vectors) {
            LoggerFactory.getLogger(Kernels.class)
                    .warn(
                            "The JVM runs without --add-modules jdk.incubator.vector: plans use plain ops and are slower.");
            return KernelSource.NONE;
        }
        return new CpuKernels();
    }
}
