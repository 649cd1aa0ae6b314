package org.grpo4j.datasets.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.grpo4j.datasets.Problem;
import org.jspecify.annotations.Nullable;

/** Subject and level of a problem, found by the names that data sets give these columns. */
final class ProblemGroups {

    private static final Map<String, List<String>> COLUMNS = Map.of(
            "subject", List.of("subject", "type", "category", "topic"),
            "level", List.of("level", "difficulty"));

    private ProblemGroups() {}

    static Map<String, String> of(Problem problem) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (String group : List.of("subject", "level")) {
            COLUMNS.getOrDefault(group, List.of()).stream()
                    .map(column -> value(problem, column))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(value -> groups.put(group, value));
        }
        return groups;
    }

    private static @Nullable String value(Problem problem, String column) {
        for (Map.Entry<String, @Nullable Object> extra : problem.extra().entrySet()) {
            Object value = extra.getValue();
            if (value != null && extra.getKey().toLowerCase(Locale.ROOT).equals(column)) {
                return text(value);
            }
        }
        return null;
    }

    /** Levels come as 3, as 3.0 and as "Level 3". A mean of ratings such as 3.625 belongs to the level it has reached. */
    private static String text(Object value) {
        if (value instanceof Double number && Double.isFinite(number)) {
            return Long.toString((long) Math.floor(number));
        }
        return value.toString().strip().replaceFirst("^Level (?=\\d)", "");
    }
}
