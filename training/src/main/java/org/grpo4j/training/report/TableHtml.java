package org.grpo4j.training.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tables as HTML. */
final class TableHtml {

    private static final Pattern NUMBER =
            Pattern.compile("[-+−]?[\\d.,]+(e[-+]?\\d+)?\\s*(%|s|min|±.*|to [-+−]?[\\d.,]+)?");

    private static final int LONGEST_CELL = 200;

    private TableHtml() {}

    static String of(ReportTable table) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.escape(table.title()))
                .append("\"><table><thead><tr>");
        List<Boolean> numeric = IntStream.range(0, table.columns().size())
                .mapToObj(column -> numeric(table.rows(), column))
                .toList();
        for (int i = 0; i < numeric.size(); i++) {
            html.append("<th scope=\"col\"").append(kind(numeric.get(i))).append('>');
            html.append(Html.escape(table.columns().get(i))).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        table.rows().forEach(row -> row(row, numeric, table.links().get(row.get(0)), html));
        return html.append("</tbody></table></div>\n").toString();
    }

    private static void row(List<String> cells, List<Boolean> numeric, @Nullable String link, StringBuilder html) {
        html.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            String tag = i == 0 ? "th" : "td";
            html.append('<').append(tag).append(i == 0 ? " scope=\"row\"" : "");
            html.append(kind(numeric.get(i)))
                    .append('>')
                    .append(i == 0 && link != null ? linked(cells.get(i), link) : content(cells.get(i)));
            html.append("</").append(tag).append('>');
        }
        html.append("</tr>\n");
    }

    private static String linked(String text, String address) {
        return "<a href=\"" + Html.escape(address) + "\">" + Html.escape(text) + "</a>";
    }

    /** Long texts and those of several lines keep their lines and scroll. */
    private static String content(String cell) {
        return cell.length() > LONGEST_CELL || cell.indexOf('\n') >= 0 ? text(cell) : Html.escape(cell);
    }

    /** Whether a column holds numbers only, and at least one. */
    private static boolean numeric(List<List<String>> rows, int column) {
        List<String> cells = rows.stream()
                .map(row -> row.get(column))
                .filter(cell -> !cell.equals("–"))
                .toList();
        return !cells.isEmpty()
                && cells.stream().allMatch(cell -> NUMBER.matcher(cell).matches());
    }

    private static String kind(boolean numeric) {
        return numeric ? " class=\"number\"" : "";
    }

    /** The browser drops a newline right after the opening tag, so one is put there for it to drop. */
    private static String text(String text) {
        return "<pre tabindex=\"0\">\n" + Html.escape(text) + "</pre>";
    }
}
