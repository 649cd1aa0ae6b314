package org.grpo4j.datasets.arithmetic;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.grpo4j.datasets.Problem;

/**
 * A sum to be worked out step by step. {@code 17+58+91=} is solved as {@code 17+58=75;75+91=166}, a line break and
 * {@code #### 166}: one addition a step, and a mark that the verifier knows.
 *
 * @param terms at least two numbers, none negative
 */
record Sum(List<Integer> terms) {

    private static final Pattern TEXT = Pattern.compile("\\d{1,9}(\\+\\d{1,9})+=");

    Sum {
        terms = List.copyOf(terms);
    }

    static Sum parse(String problem) {
        if (!TEXT.matcher(problem).matches()) {
            throw new IllegalArgumentException("\"" + problem + "\" is no generated sum such as \"17+58+91=\"");
        }
        String sum = problem.substring(0, problem.length() - 1);
        return new Sum(Arrays.stream(sum.split("\\+", -1)).map(Integer::valueOf).toList());
    }

    long value() {
        return terms.stream().mapToLong(Integer::longValue).sum();
    }

    String problem() {
        return terms.stream().map(String::valueOf).collect(Collectors.joining("+")) + "=";
    }

    /** The steps with the given running totals, one for each term after the first. */
    String steps(long[] totals) {
        StringBuilder text = new StringBuilder();
        long before = terms.get(0);
        for (int i = 0; i < totals.length; i++) {
            text.append(i == 0 ? "" : ";").append(before).append('+').append(terms.get(i + 1));
            text.append('=').append(totals[i]);
            before = totals[i];
        }
        return text.append("\n#### ").append(before).toString();
    }

    long[] rightTotals() {
        long[] totals = new long[terms.size() - 1];
        long total = terms.get(0);
        for (int i = 0; i < totals.length; i++) {
            total += terms.get(i + 1);
            totals[i] = total;
        }
        return totals;
    }

    Problem toProblem(String id) {
        return new Problem(id, problem(), List.of(Long.toString(value())), steps(rightTotals()));
    }

    /** The same for sums that differ only in the order of their terms. */
    List<Integer> unordered() {
        return terms.stream().sorted().toList();
    }
}
