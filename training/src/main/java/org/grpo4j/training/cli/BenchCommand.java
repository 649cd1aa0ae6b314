package org.grpo4j.training.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code grpo4j bench …}. */
@Command(
        name = "bench",
        description = "Throughput of this machine.",
        subcommands = {
            BenchTrainCommand.class,
            BenchDecodeCommand.class,
            BenchObjectiveCommand.class,
            BenchTokenizeCommand.class,
            BenchSgemmCommand.class,
            BenchVerifyCommand.class
        })
final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to measure: " + String.join(", ", spec.subcommands().keySet()));
    }
}
