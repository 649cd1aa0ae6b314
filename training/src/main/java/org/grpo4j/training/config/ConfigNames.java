package org.grpo4j.training.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How Java names appear in YAML, and which known name a misspelt one is closest to. */
final class ConfigNames {

    private static final int LONGEST_NAME = 100;

    private ConfigNames() {}

    /** The YAML key of a record component: its {@link JsonProperty} if it has one, else by {@link #key(String)}. */
    static String key(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property != null && !property.value().isEmpty() ? property.value() : key(component.getName());
    }

    /** The YAML key of a Java name: {@code groupSize} becomes {@code group_size}. */
    static String key(String component) {
        StringBuilder key = new StringBuilder();
        for (char c : component.toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('_');
            }
            key.append(Character.toLowerCase(c));
        }
        return key.toString();
    }

    /** The YAML value of an enum constant: its {@link JsonProperty} if it has one, else {@code GROUP_STD} as {@code group-std}. */
    static String value(Enum<?> constant) {
        try {
            JsonProperty property =
                    constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
            if (property != null) {
                return property.value();
            }
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(constant + " is not a field of its own enum", impossible);
        }
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The known name with the fewest edits from {@code name}, unless even that one has little in common with it. */
    static Optional<String> nearest(String name, Collection<String> known) {
        if (name.length() > LONGEST_NAME) {
            // The table of edits would grow with it, and no known name is near.
            return Optional.empty();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        int furthest = Math.max(2, wanted.length() / 2);
        return known.stream()
                .min(Comparator.comparingInt((String k) -> edits(wanted, k)).thenComparing(Comparator.naturalOrder()))
                .filter(k -> edits(wanted, k) <= furthest);
    }

    /** Edit distance in which a swap of two neighbours counts once, because that is the usual typing error. */
    static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
