package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import org.grpo4j.framework.device.Backend;
import org.grpo4j.framework.device.CudaBinary;
import org.grpo4j.framework.device.Devices;
import org.grpo4j.framework.device.Gpu;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j devices}. */
@Command(
        name = "devices",
        description = "Backends on the class path, devices, what they support, and why one cannot be used.")
final class DevicesCommand implements Callable<Integer> {

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        Devices devices = Devices.find();
        output.write(out -> {
            if (json) {
                out.write(new ObjectMapper().writeValueAsString(devices) + "\n");
            } else {
                print(devices, out);
            }
        });
        return 0;
    }

    private static void print(Devices devices, Writer out) throws IOException {
        for (Backend backend : devices.backends()) {
            String state = backend.active() ? "in use" : backend.problem() == null ? "usable" : "cannot be used";
            out.write("%-10s %s%n".formatted(backend.name(), state));
            if (backend.problem() != null) {
                out.write("           " + backend.problem() + "\n");
            }
            for (String fact : backend.facts()) {
                out.write("           " + fact + "\n");
            }
        }
        for (Gpu gpu : devices.gpus()) {
            String fit = CudaBinary.problem(gpu).isPresent() ? "cannot be used" : "usable";
            out.write("%-10s %s, %s, compute capability %s, %d MB, driver %s%n"
                    .formatted("GPU", gpu.name(), fit, gpu.capability(), gpu.memoryMegabytes(), gpu.driver()));
        }
    }
}
