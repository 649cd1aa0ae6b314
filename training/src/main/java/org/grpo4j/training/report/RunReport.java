package org.grpo4j.training.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutFiles;

/** The page of one run, made from what lies in its folder. */
public final class RunReport {

    private RunReport() {}

    /**
     * The page of a run.
     *
     * @param title of the page
     * @param folder of the run, whose kept completions the page shows
     * @param settings of the run, by full key
     * @param metrics of all steps
     */
    public static Report of(
            String title,
            Path folder,
            Map<String, String> settings,
            List<StepMetrics> metrics,
            List<Diagnosis> diagnoses)
            throws IOException {
        int steps = metrics.isEmpty() ? 0 : metrics.get(metrics.size() - 1).step();
        return new Report(
                title,
                "A run of " + steps + " steps. Its folder holds its checkpoint, its configuration in"
                        + " config.yaml and the numbers of every step in metrics.jsonl.",
                List.of(SeriesGroup.of(new RunSeries(name(folder), settings, metrics))),
                List.of(),
                diagnoses,
                List.of(new RunRollouts(name(folder), RolloutFiles.of(folder).spread(Report.ROLLOUT_BYTES))));
    }

    /** What a run is called: the name of its folder. */
    public static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }
}
