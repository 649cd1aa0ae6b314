package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.dashboard.DashboardAddress;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.trainer.ResumePoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code sft} and {@code train} can be told beside the configuration, as a {@link Mixin}. */
final class RunOptions {

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Go on from a checkpoint of a run: checkpoint-N, or the run's folder for its newest one that is"
                            + " intact.")
    private @Nullable Path resume;

    @Option(
            names = "--quiet",
            description = "No settings and no progress, only errors, the result and the address of a dashboard.")
    private boolean quiet;

    @Option(
            names = "--dashboard",
            paramLabel = "[HOST:]PORT",
            converter = AddressConverter.class,
            description =
                    "Serve a page that follows the run, to this machine only unless a host is given; 0 is any free"
                            + " port.")
    private @Nullable DashboardAddress dashboard;

    /**
     * The checkpoint to go on from, or null for a new run.
     *
     * @param err hears of newer ones that are damaged
     */
    @Nullable
    ResumePoint resume(PrintWriter err) throws IOException {
        return resume == null ? null : ResumePoint.find(resume, line -> err.println("grpo4j: " + line));
    }

    /** Where the run's page is to be served, or null. */
    @Nullable
    DashboardAddress dashboard() {
        return dashboard;
    }

    boolean quiet() {
        return quiet;
    }

    Progress progress(String task, int done, int steps) {
        Progress.Style style = quiet ? Progress.Style.QUIET : Progress.Style.AUTO;
        return Progress.start(task, done, steps, style, new PrintStream(System.err, true, StandardCharsets.UTF_8));
    }

    /** Refuses a bad address before anything of the run is made. */
    static final class AddressConverter implements ITypeConverter<DashboardAddress> {
        @Override
        public DashboardAddress convert(String text) {
            try {
                return DashboardAddress.parse(text);
            } catch (InputException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
