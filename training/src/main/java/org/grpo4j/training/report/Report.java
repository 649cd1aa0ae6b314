package org.grpo4j.training.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.grpo4j.training.metrics.TextFile;

/**
 * A page of results: curves of runs, tables, completions. It loads nothing from anywhere, and its content security policy lets only its own script
 * run, whatever the completions contain.
 *
 * @param title of the page
 * @param lead a sentence or two below the title: what was run, on what, with which outcome
 * @param runs whose curves are laid over each other; without any the page has tables only
 * @param tables final numbers and whatever else belongs above the curves
 * @param samples completions to look at
 */
public record Report(
        String title, String lead, List<RunSeries> runs, List<ReportTable> tables, List<SampleCompletion> samples) {

    public Report {
        runs = List.copyOf(runs);
        tables = List.copyOf(tables);
        samples = List.copyOf(samples);
    }

    /** Writes the page; the file is replaced as a whole. */
    public void write(Path file) throws IOException {
        String page = html();
        TextFile.write(file, out -> out.write(page));
    }

    String html() {
        String style = resource("report.css");
        String script = resource("report.js");
        String policy = "default-src 'none'; style-src '%s'; script-src '%s'".formatted(hash(style), hash(script));
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                <p class="lead">%s</p>
                %s</main>
                %s</body>
                </html>
                """.formatted(
                        policy,
                        Html.escape(title),
                        style,
                        Html.escape(title),
                        Html.escape(lead),
                        sections(),
                        runs.isEmpty() ? "" : drawing(script));
    }

    /** The curves' numbers and the script that draws them. */
    private String drawing(String script) {
        return """
                <script type="application/json" id="data">%s</script>
                <script>%s</script>
                """.formatted(ChartData.of(runs), script);
    }

    private String sections() {
        StringBuilder html = new StringBuilder();
        tables.forEach(table -> section(table.title(), TableHtml.of(table), html));
        if (!runs.isEmpty()) {
            curves(html);
        }
        if (!samples.isEmpty()) {
            section("Sample completions", TableHtml.of(samples), html);
        }
        return html.toString();
    }

    private void curves(StringBuilder html) {
        String curves = "<div id=\"legend\"></div><div id=\"charts\"></div>"
                + "<noscript><p>The curves need JavaScript; their numbers are in each run's metrics.jsonl.</p></noscript>\n";
        section("Curves", curves, html);
        ReportTable differences = Settings.table(runs, true);
        if (!differences.rows().isEmpty()) {
            section(differences.title(), TableHtml.of(differences), html);
        }
        ReportTable common = Settings.table(runs, false);
        if (!common.rows().isEmpty()) {
            html.append("<details><summary>")
                    .append(common.title())
                    .append("</summary>")
                    .append(TableHtml.of(common))
                    .append("</details>\n");
        }
    }

    private static void section(String title, String content, StringBuilder html) {
        html.append("<section><h2>")
                .append(Html.escape(title))
                .append("</h2>\n")
                .append(content)
                .append("</section>\n");
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            // The hash of the policy is over what the browser sees, and it sees every line end as \n.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new IllegalStateException(name + " could not be read from the program", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
