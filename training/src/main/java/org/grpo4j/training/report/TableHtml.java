package org.grpo4j.training.report;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tables as HTML. */
final class TableHtml {

    private static final Pattern NUMBER = Pattern.compile("[-+−]?[\\d.,]+(e[-+]?\\d+)?\\s*(%|s|min|±.*)?");

    private TableHtml() {}

    static String of(ReportTable table) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.escape(table.title()))
                .append("\"><table><thead><tr>");
        table.columns()
                .forEach(column -> html.append("<th scope=\"col\">")
                        .append(Html.escape(column))
                        .append("</th>"));
        html.append("</tr></thead><tbody>");
        table.rows().forEach(row -> row(row, html));
        return html.append("</tbody></table></div>\n").toString();
    }

    private static void row(List<String> cells, StringBuilder html) {
        html.append("<tr><th scope=\"row\">").append(Html.escape(cells.get(0))).append("</th>");
        for (String cell : cells.subList(1, cells.size())) {
            html.append(NUMBER.matcher(cell).matches() ? "<td class=\"number\">" : "<td>")
                    .append(Html.escape(cell))
                    .append("</td>");
        }
        html.append("</tr>\n");
    }

    /** Sample completions; on a narrow screen each row becomes a card, labelled by {@code data-label}. */
    static String of(List<SampleCompletion> samples) {
        StringBuilder html = new StringBuilder("<table class=\"samples\"><thead><tr>");
        for (String column : List.of("run", "step", "prompt", "completion", "reward", "advantage")) {
            html.append("<th scope=\"col\">").append(column).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (SampleCompletion sample : samples) {
            html.append("<tr>");
            cell("run", "", Html.escape(sample.run()), html);
            cell("step", "number", Integer.toString(sample.step()), html);
            cell("prompt", "", text(sample.prompt()), html);
            cell("completion", "", text(sample.completion()), html);
            cell("reward", "number", number(sample.reward()), html);
            cell("advantage", "number", number(sample.advantage()), html);
            html.append("</tr>\n");
        }
        return html.append("</tbody></table>\n").toString();
    }

    private static void cell(String label, String kind, String content, StringBuilder html) {
        html.append("<td data-label=\"")
                .append(label)
                .append("\" class=\"")
                .append(kind)
                .append("\">")
                .append(content)
                .append("</td>");
    }

    /** The browser drops a newline right after the opening tag, so one is put there for it to drop. */
    private static String text(String text) {
        return "<pre tabindex=\"0\">\n" + Html.escape(text) + "</pre>";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "–";
    }
}
