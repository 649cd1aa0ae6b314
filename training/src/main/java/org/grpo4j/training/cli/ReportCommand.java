package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.RunOverlay;
import org.grpo4j.training.report.RunReport;
import org.grpo4j.training.report.SavedRun;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grpo4j report}. */
@Command(
        name = "report",
        description =
                "Lay runs over each other on one page, or make the page of one run, such as one that was broken off.",
        footer = {
            "",
            "Runs whose settings differ in training.seed and output only become one curve, their mean, with a band from the"
                    + " smallest to the largest."
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders of runs.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The page to write (report.html: in the folder of one run, here for several).")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        List<SavedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(SavedRun.read(folder));
        }
        Path page = page(runs);
        Report report = runs.size() == 1 ? alone(runs.get(0)) : RunOverlay.of(runs, page);
        report.write(page);
        spec.commandLine().getOut().println("report: " + page);
        return 0;
    }

    /** The page of one run stands where the run itself would have put it. */
    private Path page(List<SavedRun> runs) {
        Path name = Path.of("report.html");
        return output != null ? output : runs.size() == 1 ? runs.get(0).folder().resolve(name) : name;
    }

    private static Report alone(SavedRun run) throws IOException {
        return RunReport.of(
                "grpo4j: " + run.name(),
                run.folder(),
                run.settings(),
                run.steps(),
                DiagnosisFile.read(run.folder().resolve("diagnoses.jsonl")));
    }
}
