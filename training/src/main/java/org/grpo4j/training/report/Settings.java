package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.training.config.ConfigYaml;

/** Configurations as flat lists of keys and values, and how those of several runs differ. */
public final class Settings {

    private static final String ABSENT = "–";

    private Settings() {}

    /** Every value of a configuration under its full key, such as {@code rollout.group_size}. */
    public static Map<String, String> of(Record config) {
        return of(ConfigYaml.tree(config));
    }

    /** The same of a configuration that was read as a tree. */
    public static Map<String, String> of(JsonNode tree) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", tree, flat);
        return flat;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> flat) {
        if (!node.isContainerNode() || node.isEmpty()) {
            flat.put(path, node.isNull() || node.isContainerNode() ? ABSENT : node.asText());
        } else if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            flatten(path + (path.isEmpty() ? "" : ".") + entry.getKey(), entry.getValue(), flat));
        } else {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), flat);
            }
        }
    }

    /** The settings that differ between series, open, and those in common, folded away. */
    static String html(List<SeriesGroup> series) {
        ReportTable different = table(series, true);
        ReportTable common = table(series, false);
        return (different.rows().isEmpty() ? "" : Page.section(different.title(), TableHtml.of(different)))
                + (common.rows().isEmpty() ? "" : Page.folded(common.title(), TableHtml.of(common)));
    }

    /** A table of the settings that are not the same in all series, or of those that are. */
    static ReportTable table(List<SeriesGroup> series, boolean different) {
        List<String> columns = new ArrayList<>(List.of("setting"));
        series.forEach(one -> columns.add(one.name()));
        Set<String> keys = new LinkedHashSet<>();
        series.forEach(one -> keys.addAll(one.settings().keySet()));
        List<List<String>> rows = new ArrayList<>();
        for (String key : keys) {
            List<String> values = series.stream()
                    .map(one -> one.settings().getOrDefault(key, ABSENT))
                    .toList();
            boolean same = values.stream().distinct().count() == 1;
            if (same && !different) {
                rows.add(List.of(key, values.get(0)));
            } else if (!same && different) {
                List<String> row = new ArrayList<>(List.of(key));
                row.addAll(values);
                rows.add(row);
            }
        }
        return different
                ? new ReportTable("Settings that differ", columns, rows)
                : new ReportTable(
                        series.size() == 1 ? "Settings" : "Settings in common", List.of("setting", "value"), rows);
    }
}
