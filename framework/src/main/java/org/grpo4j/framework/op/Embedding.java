package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Rows of a table: inputs table {@code [rows, width]} and ids {@code [n]} (integers), output {@code [n, width]}.
 * ND4J's own gradient of gather overwrites repeated ids; here they add up.
 *
 * @param rows number of rows of the table
 */
public record Embedding(int rows) implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        return List.of(graph.gather(inputs.get(0), inputs.get(1), 0));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        SDVariable table = call.wants(0)
                ? new Scatter(rows).apply(call.upstreamOfFirst(), call.inputs().get(1))
                : null;
        return Arrays.asList(table, null);
    }

    /** Sums rows by id: inputs {@code [n, width]} and ids {@code [n]}, output {@code [rows, width]}. */
    public record Scatter(int rows) implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            return List.of(graph.unsortedSegmentSum(inputs.get(0), inputs.get(1), rows));
        }
    }
}
