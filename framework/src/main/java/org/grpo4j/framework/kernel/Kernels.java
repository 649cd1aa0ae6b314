package org.grpo4j.framework.kernel;

import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Team;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** Which kernels this JVM and backend can run. */
public final class Kernels {
    private static final boolean CPU = runHere();
    private static final KernelSource AVAILABLE = CPU ? new CpuKernels(null, null) : KernelSource.NONE;

    private Kernels() {}

    /**
     * The CPU kernels, or none: on other backends, or in a JVM started without {@code --add-modules
     * jdk.incubator.vector}.
     */
    public static KernelSource available() {
        return AVAILABLE;
    }

    /**
     * {@link #available()} with the work of large ops spread over a team, which must stay open as long as the plans.
     * Those plans then run one at a time, each by all threads.
     *
     * @param team null for the calling thread alone
     */
    public static KernelSource available(@Nullable Team team) {
        return available(team, null);
    }

    /**
     * {@link #available(Team)} with the products of few rows on copies of their weights.
     *
     * @param packed the copies, which must stay open as long as the plans; null to read the weights themselves
     */
    public static KernelSource available(@Nullable Team team, @Nullable PackedWeights packed) {
        return CPU && (team != null || packed != null) ? new CpuKernels(team, packed) : AVAILABLE;
    }

    /** Whether vectors can be used in this JVM. */
    static boolean vectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static boolean runHere() {
        if (!Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend")) {
            return false;
        }
        if (!vectors()) {
            LoggerFactory.getLogger(Kernels.class)
                    .warn(
                            "The JVM runs without --add-modules jdk.incubator.vector: plans use plain ops and are slower.");
        }
        return vectors();
    }
}
