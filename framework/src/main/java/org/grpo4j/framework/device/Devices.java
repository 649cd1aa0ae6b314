package org.grpo4j.framework.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The backends of this process and the GPUs of this machine.
 *
 * @param backends those on the class path, and the known one that is not
 * @param gpus what the driver reports
 */
public record Devices(List<Backend> backends, List<Gpu> gpus) {

    private static final String CUDA = "CUDA 11.6";

    public Devices {
        backends = List.copyOf(backends);
        gpus = List.copyOf(gpus);
    }

    /** Looks around. Loads the native library of the backend that will be used. */
    public static Devices find() {
        List<Gpu> gpus = GpuQuery.run();
        List<Backend> backends = new ArrayList<>();
        for (Nd4jBackend backend : ServiceLoader.load(Nd4jBackend.class)) {
            backends.add(isCpu(backend) ? cpu(backend) : cuda(backend, gpus));
        }
        if (backends.stream().noneMatch(backend -> backend.name().equals(CUDA))) {
            backends.add(cudaMissing(gpus));
        }
        return new Devices(backends, gpus);
    }

    private static boolean isCpu(Nd4jBackend backend) {
        return backend.getPriority() == Nd4jBackend.BACKEND_PRIORITY_CPU;
    }

    private static Backend cpu(Nd4jBackend backend) {
        Optional<String> failure = failure(backend);
        if (failure.isPresent()) {
            return new Backend("CPU", false, failure.get(), List.of());
        }
        boolean active = Nd4j.getBackend().getClass() == backend.getClass();
        List<String> facts = new ArrayList<>();
        facts.add(Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        if (active) {
            NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
            facts.add("native code for " + level(ops.binaryLevel()) + "; the processor supports "
                    + level(ops.optimalLevel()));
            facts.add(ops.ompGetMaxThreads() + " native threads an op (OMP_NUM_THREADS)");
        }
        facts.add("FLOAT and DOUBLE compute; HALF and BFLOAT16 store only, their products run below 1 GFLOP/s");
        return new Backend("CPU", active, null, facts);
    }

    private static Backend cuda(Nd4jBackend backend, List<Gpu> gpus) {
        String problem = cudaProblem(gpus).or(() -> failure(backend)).orElse(null);
        boolean active = problem == null && Nd4j.getBackend().getClass() == backend.getClass();
        return new Backend(CUDA, active, problem, problem == null ? cudaFacts() : List.of());
    }

    private static Backend cudaMissing(List<Gpu> gpus) {
        String build = "not in this build; ";
        @Nullable String fit = cudaProblem(gpus).orElse(null);
        String wayOut = fit == null ? "build with -Pcuda to use the GPU" : "it could not be used here either: " + fit;
        return new Backend(CUDA, false, build + wayOut, List.of());
    }

    /** Whether any GPU can run the library at all; says why the first one cannot. */
    private static Optional<String> cudaProblem(List<Gpu> gpus) {
        if (gpus.isEmpty()) {
            return Optional.of("no NVIDIA GPU was found (nvidia-smi is missing or lists none)");
        }
        List<String> problems =
                gpus.stream().map(CudaBinary::problem).flatMap(Optional::stream).toList();
        return problems.size() == gpus.size() ? Optional.of(problems.get(0)) : Optional.empty();
    }

    private static List<String> cudaFacts() {
        return List.of(
                "code for compute capability 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6, which also runs on 8.9",
                "FLOAT, DOUBLE and HALF compute");
    }

    /** Loading a native library fails in many ways, most of them errors rather than exceptions. */
    private static Optional<String> failure(Nd4jBackend backend) {
        try {
            return backend.isAvailable() ? Optional.empty() : Optional.of("its native library reports no device");
        } catch (RuntimeException | LinkageError e) {
            return Optional.of("its native library does not load: " + e.getMessage());
        }
    }

    private static String level(int level) {
        return switch (level) {
            case 2 -> "AVX2";
            case 3 -> "AVX-512";
            default -> "the baseline instruction set";
        };
    }
}
