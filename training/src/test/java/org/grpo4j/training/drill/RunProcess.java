package org.grpo4j.training.drill;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grpo4j.training.cli.Main;
import org.jspecify.annotations.Nullable;

/**
 * The program in a process of its own, which a test may kill.
 *
 * @param process that runs
 * @param said what it printed on both streams
 */
record RunProcess(Process process, Path said) {

    /** Longer than any run of a drill takes on a busy machine. */
    private static final int PATIENCE_SECONDS = 120;

    /** Starts the program with the flags of this Java machine. */
    static RunProcess start(Path said, List<String> arguments) throws IOException {
        return start(said, null, arguments);
    }

    /**
     * The same in a shell that does something first.
     *
     * @param before a command of the shell, such as a limit that the program inherits; null for none
     */
    static RunProcess start(Path said, @Nullable String before, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (before != null) {
            command.addAll(List.of("bash", "-c", before + " && exec \"$@\"", "bash"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Dorg.bytedeco"))
                .forEach(command::add);
        // A compiler that starts at once, for which the kernels of the vector module are slow: few of these processes
        // live
        // long.
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return new RunProcess(builder.redirectOutput(said.toFile()).start(), said);
    }

    /** Ends it as a power cut would: nothing in it runs any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Asks it to end. */
    void terminate() {
        process.destroy();
    }

    /** Its exit code; a process that does not end is killed and fails the drill. */
    int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("a run of the drill did not end: " + output());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            return "(nothing could be read: " + e.getMessage() + ")";
        }
    }
}
