package org.grpo4j.framework.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the driver's own tool for GPUs, because asking through CUDA would need the library whose fitness is in question. */
final class GpuQuery {

    private GpuQuery() {}

    /** The GPUs; none if there is no driver. */
    static List<Gpu> run() {
        try {
            Process process = new ProcessBuilder(
                            "nvidia-smi",
                            "--query-gpu=name,compute_cap,memory.total,driver_version",
                            "--format=csv,noheader,nounits")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException noDriver) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Lines such as {@code NVIDIA A10, 8.6, 23028, 535.1}; other lines are skipped. */
    static List<Gpu> parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : csv.split("\\R")) {
            String[] fields = line.split("\\s*,\\s*");
            if (fields.length == 4
                    && fields[1].matches("\\d+\\.\\d+")
                    && fields[2].strip().matches("\\d+")) {
                String[] capability = fields[1].split("\\.");
                gpus.add(new Gpu(
                        fields[0].strip(),
                        Integer.parseInt(capability[0]),
                        Integer.parseInt(capability[1]),
                        Long.parseLong(fields[2].strip()),
                        fields[3].strip()));
            }
        }
        return gpus;
    }
}
