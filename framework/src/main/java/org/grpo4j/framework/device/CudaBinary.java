package org.grpo4j.framework.device;

import java.util.List;
import java.util.Optional;

/**
 * What ND4J's CUDA 11.6 library can run on. It holds machine code for a few compute capabilities and no PTX that the
 * driver could translate for others, so a newer GPU fails deep inside the driver unless it is refused before.
 */
public final class CudaBinary {

    /** Compute capabilities ({@code 10 × major + minor}) with machine code in the library. */
    private static final List<Integer> COMPILED = List.of(37, 50, 52, 60, 61, 70, 75, 80, 86);

    private CudaBinary() {}

    /** Why this GPU cannot run the library, or nothing if it can. Code for x.y runs on every x.z with z ≥ y. */
    public static Optional<String> problem(Gpu gpu) {
        boolean runs = COMPILED.stream().anyMatch(code -> code / 10 == gpu.major() && code % 10 <= gpu.minor());
        if (runs) {
            return Optional.empty();
        }
        String why = gpu.major() >= 9
                ? "the CUDA 11.6 library has no code for compute capability 9.0 and later"
                : "the CUDA 11.6 library has no code for it";
        return Optional.of(gpu.name() + " has compute capability " + gpu.capability() + ", but " + why
                + "; use the CPU, or a GPU from 3.7 to 8.9");
    }
}
