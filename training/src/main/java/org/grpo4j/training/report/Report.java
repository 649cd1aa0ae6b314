package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.TextFile;

/**
 * A page of results in one file: tables, curves, and completions with the credit of their tokens. It loads nothing from
 * anywhere, and its content security policy lets only its own script run, whatever the completions contain.
 *
 * @param title of the page
 * @param lead a sentence or two below the title: what was run, on what, with which outcome
 * @param series curves that are laid over each other; without any the page has tables only
 * @param tables final numbers and whatever else belongs above the curves
 * @param diagnoses what the run says about itself
 * @param rollouts completions to look at, by run
 */
public record Report(
        String title,
        String lead,
        List<SeriesGroup> series,
        List<ReportTable> tables,
        List<Diagnosis> diagnoses,
        List<RunRollouts> rollouts) {

    /** Bytes of completions in a page: a browser reads them in a fraction of a second, and a mail takes them. */
    public static final long ROLLOUT_BYTES = 4L << 20;

    public Report {
        series = List.copyOf(series);
        tables = List.copyOf(tables);
        diagnoses = List.copyOf(diagnoses);
        rollouts = List.copyOf(rollouts);
    }

    /** A page without curves. */
    public static Report ofTables(String title, String lead, List<ReportTable> tables) {
        return new Report(title, lead, List.of(), tables, List.of(), List.of());
    }

    /** Writes the page; the file is replaced as a whole. */
    public void write(Path file) throws IOException {
        String page = html();
        TextFile.write(file, out -> out.write(page));
    }

    String html() {
        StringBuilder sections = new StringBuilder();
        tables.forEach(table -> sections.append(Page.section(table.title(), TableHtml.of(table))));
        return Page.html(title, lead, sections.toString(), Settings.html(series), data());
    }

    private ObjectNode data() {
        ObjectNode data = ScriptJson.object();
        if (series.isEmpty()) {
            return data;
        }
        List<PageData.Series> drawn = series.stream()
                .map(group -> new PageData.Series(
                        group.name(),
                        group.runs().stream()
                                .map(run -> RunCurves.of(run.steps()))
                                .toList()))
                .toList();
        PageData.putCurves(data, drawn, -1);
        PageData.putDiagnoses(data, diagnoses);
        ArrayNode runs = data.putArray("rollouts");
        for (RunRollouts run : rollouts) {
            ArrayNode steps = runs.addObject().put("run", run.run()).putArray("steps");
            for (JsonNode step : run.steps()) {
                steps.addObject().put("step", step.path("step").asInt()).set("data", step);
            }
        }
        return data;
    }
}
