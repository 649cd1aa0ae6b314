package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.quickstart.Quickstart;
import org.grpo4j.training.quickstart.QuickstartConfig;
import org.grpo4j.training.quickstart.QuickstartFolder;
import org.grpo4j.training.quickstart.QuickstartResult;
import org.grpo4j.training.report.TableText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grpo4j quickstart}. */
@Command(
        name = "quickstart",
        description = "Trains a tiny policy on generated sums: a warm start, then GRPO and GRPO-λ from there; compares"
                + " them on held-out problems.")
final class QuickstartCommand implements Callable<Integer> {
    private static final Path DEFAULT_OUTPUT = Path.of("runs", "quickstart");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "A new or empty folder for everything that is written (runs/quickstart, or the next free"
                    + " name after it).")
    private @Nullable Path output;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Every random choice derives from it (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--quiet", description = "Print the results only, no progress.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        Path folder = output == null ? QuickstartFolder.next(DEFAULT_OUTPUT) : QuickstartFolder.named(output);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Progress.Style style = quiet ? Progress.Style.QUIET : Progress.Style.AUTO;
        QuickstartResult result = new Quickstart(QuickstartConfig.of(folder, seed), style, err).run();
        PrintWriter out = spec.commandLine().getOut();
        out.print(TableText.of(result.table()));
        out.println();
        out.println(seconds(result));
        out.println("Curves and completions: " + folder.resolve("report.html"));
        out.flush();
        return 0;
    }

    private static String seconds(QuickstartResult result) {
        return result.seconds().entrySet().stream()
                .map(phase -> phase.getKey() + " " + Math.round(phase.getValue()))
                .collect(Collectors.joining(
                        ", ", "Seconds: ", String.format(Locale.ROOT, "; all %.0f.", result.totalSeconds())));
    }
}
