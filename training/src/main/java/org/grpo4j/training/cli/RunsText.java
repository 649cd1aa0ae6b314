package org.grpo4j.training.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.TextWidth;

/** Runs as a table for people, no wider than there is room. */
final class RunsText {
    private static final String GAP = "  ";
    private static final int SHORTEST_NAME = 8;

    /** What is shown of a run, in this order. */
    private static final Map<String, Function<RunEntry, String>> COLUMNS = new LinkedHashMap<>();
    /** What is left out first where there is too little room. */
    private static final List<String> DISPENSABLE =
            List.of("kl", "loss", "kind", "length", "time", "held-out", "reward");

    static {
        COLUMNS.put("kind", RunEntry::kind);
        COLUMNS.put("state", run -> run.state().name().toLowerCase(Locale.ROOT));
        COLUMNS.put("step", run -> run.step() + (run.steps() > 0 ? "/" + run.steps() : ""));
        COLUMNS.put("reward", run -> number(run.metric(Metric.REWARD_MEAN), "%.3f"));
        COLUMNS.put("held-out", run -> number(run.metric(Metric.HELDOUT_ACCURACY), "%.3f"));
        COLUMNS.put("loss", run -> number(run.metric(Metric.LOSS), "%.4f"));
        COLUMNS.put("kl", run -> number(run.metric(Metric.KL), "%.4f"));
        COLUMNS.put("length", run -> number(run.metric(Metric.LENGTH_MEAN), "%.1f"));
        COLUMNS.put("time", run -> duration(run.seconds()));
    }

    private final RunSearch search;
    private final int room;

    private RunsText(RunSearch search, int room) {
        this.search = search;
        this.room = room;
    }

    /** @param columns of the terminal */
    static String of(RunSearch search, int columns) {
        return new RunsText(search, columns).text();
    }

    private String text() {
        if (search.runs().isEmpty()) {
            return "No runs: no folder here has a metrics.jsonl.\n" + remarks(List.of());
        }
        List<String> names = new ArrayList<>(COLUMNS.keySet());
        List<String> left = new ArrayList<>();
        for (String name : DISPENSABLE) {
            if (width(names) + wantedForNames() > room) {
                names.remove(name);
                left.add(name);
            }
        }
        return table(names) + settings() + remarks(left);
    }

    private int longestName() {
        return search.runs().stream()
                .mapToInt(run -> TextWidth.of(name(run)))
                .max()
                .orElse(0);
    }

    /** Long names are cut before numbers are left out, but not to less than a third of the room. */
    private int wantedForNames() {
        return Math.min(longestName(), Math.max(SHORTEST_NAME, room / 3));
    }

    /** Of all columns but the names of the runs, with the gaps. */
    private int width(List<String> names) {
        return names.stream().mapToInt(name -> width(name) + GAP.length()).sum();
    }

    private int width(String column) {
        return search.runs().stream()
                .mapToInt(run -> value(run, column).length())
                .reduce(column.length(), Math::max);
    }

    private static String value(RunEntry run, String column) {
        return COLUMNS.getOrDefault(column, unknown -> "").apply(run);
    }

    private String table(List<String> names) {
        int nameWidth = Math.max(3, Math.min(longestName(), Math.max(SHORTEST_NAME, room - width(names))));
        StringBuilder text = new StringBuilder();
        line(text, TextWidth.pad("run", nameWidth), names, column -> column);
        line(text, "─".repeat(nameWidth), names, column -> "─".repeat(width(column)));
        for (RunEntry run : search.runs()) {
            line(text, TextWidth.pad(shortened(name(run), nameWidth), nameWidth), names, column -> value(run, column));
        }
        return text.toString();
    }

    private void line(StringBuilder text, String first, List<String> names, Function<String, String> cell) {
        StringBuilder line = new StringBuilder(first);
        for (String name : names) {
            String value = cell.apply(name);
            line.append(GAP).append(" ".repeat(width(name) - value.length())).append(value);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    /** The end of a path tells more than its beginning. */
    private static String shortened(String name, int columns) {
        if (TextWidth.of(name) <= columns) {
            return name;
        }
        String rest = name;
        while (TextWidth.of(rest) > columns - 1) {
            rest = rest.substring(rest.offsetByCodePoints(0, 1));
        }
        return "…" + rest;
    }

    /** Only what differs, a paragraph for each run. */
    private String settings() {
        Set<String> keys = search.differing();
        if (keys.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\nSettings that differ\n");
        for (RunEntry run : search.runs()) {
            List<String> own = keys.stream()
                    .filter(run.settings()::containsKey)
                    .map(key -> key + "=" + visible(run.settings().getOrDefault(key, "")))
                    .toList();
            if (!own.isEmpty()) {
                text.append(name(run)).append('\n').append(wrapped(own));
            }
        }
        return text.toString();
    }

    private String wrapped(List<String> words) {
        StringBuilder text = new StringBuilder();
        int used = 0;
        for (String word : words) {
            int width = TextWidth.of(word) + GAP.length();
            if (used > 0 && used + width > room) {
                text.append('\n');
                used = 0;
            }
            text.append(GAP).append(word);
            used += width;
        }
        return text.append('\n').toString();
    }

    private String remarks(List<String> left) {
        StringBuilder text = new StringBuilder();
        search.runs()
                .forEach(run -> run.problems()
                        .forEach(problem -> text.append(name(run))
                                .append(": ")
                                .append(visible(problem))
                                .append('\n')));
        search.unreadable()
                .forEach(folder ->
                        text.append(visible(folder.toString())).append(" cannot be read, and was not searched\n"));
        if (!left.isEmpty()) {
            text.append("No room for ").append(String.join(", ", left)).append("; --json has all.\n");
        }
        return text.isEmpty() ? "" : "\n" + text;
    }

    private static String name(RunEntry run) {
        return visible(run.name());
    }

    /** On one line, and without what a terminal would obey: folders and settings may be those of strangers. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> visible.append("\\n");
                case '\t' -> visible.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        visible.append("\\u%04x".formatted(c));
                    } else {
                        visible.appendCodePoint(c);
                    }
                }
            }
        });
        return visible.toString();
    }

    private static String number(OptionalDouble value, String format) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "–";
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600 ? whole / 60 + " min" : String.format(Locale.ROOT, "%.1f h", whole / 3600.0);
    }
}
