package org.grpo4j.training.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code grpo4j}. Commands are listed in the annotation; each is a class of this package. */
@Command(
        name = "grpo4j",
        description = "Reinforcement fine-tuning of language models on the JVM: GRPO-λ on ND4J and SameDiff.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            QuickstartCommand.class,
            SftCommand.class,
            TrainCommand.class,
            InitCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            ReportCommand.class,
            EvalCommand.class,
            RunsCommand.class,
            GenerateCommand.class,
            LogprobsCommand.class,
            ObjectiveCommand.class,
            TokenizeCommand.class,
            ChatCommand.class,
            VerifyCommand.class,
            DataCommand.class,
            BenchCommand.class,
            DevicesCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    public static void main(String[] args) {
        // Data is UTF-8 whatever the locale says, and there is no usable console to ask on a cluster node.
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, args));
    }

    /** Runs one command line and returns its exit code: 0 done, 1 the run failed, 2 usage or bad input. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, main.debug, command.getErr()))
                .setParameterExceptionHandler((e, rest) -> usage(e, main.debug));
        int code;
        try {
            code = line.execute(args);
        } catch (OutOfMemoryError e) {
            // The library lets errors pass, but this one is a user's matter.
            code = report(e, main.debug, err);
        }
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int report(Throwable thrown, boolean debug, PrintWriter err) {
        Failure failure = Failure.of(thrown);
        err.println("grpo4j: " + failure.sentence());
        if (debug) {
            thrown.printStackTrace(err);
        }
        return failure.exitCode();
    }

    private static int usage(ParameterException e, boolean debug) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        StringWriter suggestions = new StringWriter();
        CommandLine.UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions, true));
        command.getErr()
                .println(Failure.oneLine(name + ": " + e.getMessage() + ". " + suggestions) + " (see " + name
                        + " --help)");
        if (debug) {
            e.printStackTrace(command.getErr());
        }
        return Failure.BAD_INPUT;
    }
}
