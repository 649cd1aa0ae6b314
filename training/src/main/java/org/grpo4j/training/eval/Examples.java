package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.Problem;

/** A few completions of each suite to look at: the first ones that are right and the first ones that are not. */
final class Examples {

    private static final int OF_EACH_KIND = 2;
    private static final int LONGEST_TEXT = 3000;

    private final Map<String, List<ExampleCompletion>> kept = new LinkedHashMap<>();

    void see(Problem problem, SampleRecord sample) {
        List<ExampleCompletion> of =
                kept.computeIfAbsent(sample.suite() + (sample.correct() ? " +" : " -"), key -> new ArrayList<>());
        boolean isNew =
                of.stream().noneMatch(example -> example.sample().problem().equals(sample.problem()));
        if (of.size() < OF_EACH_KIND && isNew && sample.wasAsked()) {
            of.add(new ExampleCompletion(
                    cut(problem.problem()), problem.answers(), sample.withText(cut(sample.completion()))));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** By suite, in the order they were seen. */
    List<ExampleCompletion> all() {
        return kept.values().stream().flatMap(List::stream).toList();
    }
}
