package org.grpo4j.training.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;

/** Several runs on one page: those that differ in nothing but their seed are one curve with a band. */
public final class RunOverlay {

    private static final List<Metric> LAST =
            List.of(Metric.REWARD_MEAN, Metric.HELDOUT_ACCURACY, Metric.LOSS, Metric.ENTROPY, Metric.LENGTH_MEAN);
    private static final String NONE = "–";
    private static final int SHORTEST_NAME = 2;

    private RunOverlay() {}

    /**
     * The page of some runs.
     *
     * @param runs at least one, in the order of the legend
     * @param page file that the page will be written to, for links from there
     */
    public static Report of(List<SavedRun> runs, Path page) {
        List<SavedRun> named = named(runs);
        List<SeriesGroup> groups = groups(named);
        return new Report(
                "grpo4j: " + (runs.size() == 1 ? "1 run" : runs.size() + " runs"),
                lead(groups),
                groups,
                List.of(lastValues(named, groups, page)),
                List.of(),
                List.of());
    }

    /** Folders of the same name are told apart by those above them. */
    private static List<SavedRun> named(List<SavedRun> runs) {
        List<String> names = runs.stream().map(SavedRun::name).toList();
        boolean unique = Set.copyOf(names).size() == names.size();
        return unique
                ? runs
                : runs.stream().map(run -> run.named(run.folder().toString())).toList();
    }

    static List<SeriesGroup> groups(List<SavedRun> runs) {
        Map<Map<String, String>, List<SavedRun>> bySettings = new LinkedHashMap<>();
        runs.forEach(run -> bySettings
                .computeIfAbsent(run.settingsWithoutSeed(), settings -> new ArrayList<>())
                .add(run));
        List<SeriesGroup> groups = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        bySettings.forEach((settings, members) -> {
            String name = name(members);
            // Two groups of runs named alike, such as lambda-1 and lambda-2 with another setting changed by hand.
            String unique = taken.add(name) ? name : name + " #" + (groups.size() + 1);
            groups.add(new SeriesGroup(
                    unique, settings, members.stream().map(SavedRun::series).toList()));
        });
        return groups;
    }

    /** What the names of the runs begin with, without what announces a number. */
    private static String name(List<SavedRun> members) {
        String first = members.get(0).name();
        if (members.size() == 1) {
            return first;
        }
        String common = first;
        for (SavedRun run : members) {
            int length = 0;
            int most = Math.min(common.length(), run.name().length());
            while (length < most && common.charAt(length) == run.name().charAt(length)) {
                length++;
            }
            common = common.substring(0, length);
        }
        String stem = common.replaceFirst("([-_. ]+s|[-_. ]*seed)?[-_. =]*\\d*$", "");
        String name = stem.length() < SHORTEST_NAME ? first + " and others" : stem;
        long seeds = members.stream()
                .map(run -> run.settings().get(SavedRun.SEED))
                .distinct()
                .count();
        return name + " (" + members.size() + (seeds == members.size() ? " seeds)" : " runs)");
    }

    private static String lead(List<SeriesGroup> groups) {
        boolean banded = groups.stream().anyMatch(group -> group.runs().size() > 1);
        StringBuilder text = new StringBuilder(
                banded
                        ? "Runs that differ in nothing but training.seed are one curve: their mean, with a band from the"
                                + " smallest to the largest of them. "
                        : "No two of these runs differ in nothing but training.seed, so each has a curve of its own. ");
        for (SeriesGroup group : groups) {
            int least = steps(group).min().orElse(0);
            int most = steps(group).max().orElse(0);
            if (least < most) {
                text.append(String.format(
                        Locale.ROOT,
                        "The runs of %s end at steps %d to %d; their curve ends with the first. ",
                        group.name(),
                        least,
                        most));
            }
        }
        return text.toString().trim();
    }

    private static IntStream steps(SeriesGroup group) {
        return group.runs().stream().mapToInt(RunOverlay::lastStep);
    }

    private static int lastStep(RunSeries run) {
        return run.steps().get(run.steps().size() - 1).step();
    }

    /** One row a run, with a link to the run's own page where there is one. */
    private static ReportTable lastValues(List<SavedRun> runs, List<SeriesGroup> groups, Path page) {
        List<Metric> metrics = LAST.stream()
                .filter(metric ->
                        runs.stream().anyMatch(run -> last(run.steps(), metric).isPresent()))
                .toList();
        List<String> columns = new ArrayList<>(List.of("run", "curve", "seed", "steps"));
        metrics.forEach(metric -> columns.add(metric.meaning()));
        List<List<String>> rows = new ArrayList<>();
        Map<String, String> links = new LinkedHashMap<>();
        for (SavedRun run : runs) {
            List<String> row = new ArrayList<>(List.of(
                    run.name(),
                    groupOf(run, groups),
                    run.settings().getOrDefault(SavedRun.SEED, NONE),
                    Integer.toString(lastStep(run.series()))));
            for (Metric metric : metrics) {
                OptionalDouble value = last(run.steps(), metric);
                row.add(value.isPresent() ? number(value.getAsDouble()) : NONE);
            }
            rows.add(row);
            Path report = run.folder().resolve("report.html");
            if (Files.isRegularFile(report)) {
                links.put(run.name(), relative(page, report));
            }
        }
        return new ReportTable("Last values", columns, rows, links);
    }

    /** A loss next to 0 is not the same as none. */
    private static String number(double value) {
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < 1e-3 ? "%.1e" : "%.4f", value);
    }

    private static String groupOf(SavedRun run, List<SeriesGroup> groups) {
        return groups.stream()
                .filter(group -> group.runs().contains(run.series()))
                .map(SeriesGroup::name)
                .findFirst()
                .orElse(NONE);
    }

    private static OptionalDouble last(List<StepMetrics> steps, Metric metric) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            OptionalDouble value = steps.get(i).value(metric);
            if (value.isPresent()) {
                return value;
            }
        }
        return OptionalDouble.empty();
    }

    /** An address that works as long as both files move together. */
    static String relative(Path page, Path target) {
        Path from = page.toAbsolutePath().normalize().getParent();
        Path to = target.toAbsolutePath().normalize();
        String path = (from == null ? to : from.relativize(to)).toString().replace('\\', '/');
        try {
            // The dot keeps a folder whose name looks like a scheme from becoming one.
            return new URI(null, null, "./" + path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(target + " has no address", e);
        }
    }
}
