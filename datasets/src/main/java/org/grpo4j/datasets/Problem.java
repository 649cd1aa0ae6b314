package org.grpo4j.datasets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question with its right answers.
 *
 * @param id the row's own id, else its number in the data set, counted from 0
 * @param problem the question's text, without any prompt template
 * @param answers alternatives: an answer is right when it equals any of them; at least one
 * @param solution a worked solution to imitate, null when the data has none
 * @param extra the row's other columns, as the reader gave them
 */
public record Problem(
        String id,
        String problem,
        List<String> answers,
        @Nullable String solution,
        Map<String, @Nullable Object> extra) {

    public Problem {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("answers of problem " + id + " is empty: at least one is needed");
        }
        answers = List.copyOf(answers);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A problem without extra columns. */
    public Problem(String id, String problem, List<String> answers, @Nullable String solution) {
        this(id, problem, answers, solution, Map.of());
    }

    /** The first of the alternatives. */
    public String answer() {
        return answers.get(0);
    }

    /** The same problem with another worked solution. */
    public Problem withSolution(String text) {
        return new Problem(id, problem, answers, text, extra);
    }

    /** The problem as a JSON object: id, problem, answers, solution where there is one, extra where there is any. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("problem", problem);
        map.put("answers", new ArrayList<>(answers));
        if (solution != null) {
            map.put("solution", solution);
        }
        if (!extra.isEmpty()) {
            map.put("extra", extra);
        }
        return map;
    }
}
