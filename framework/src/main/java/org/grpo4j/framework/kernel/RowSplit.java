package org.grpo4j.framework.kernel;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.plan.Kernel;
import org.grpo4j.framework.plan.Team;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Spreads a kernel that treats rows independently over a team: every member runs a kernel of its own over a run of
 * neighbouring rows. What a row comes to does not depend on the team's size.
 */
final class RowSplit {
    /** Elements of the first output below which waking the team costs more than it saves: some microseconds of work. */
    private static final long SMALLEST = 8192;

    private RowSplit() {}

    /** The kernel for a part of the rows. */
    @FunctionalInterface
    interface OfRows {
        Kernel kernel(int rows);
    }

    /**
     * A kernel over all rows.
     *
     * @param shared indices of the inputs that belong to no row; all other arrays are cut along their first dimension
     */
    static Kernel over(Team team, int rows, List<Integer> shared, OfRows part) {
        return (inputs, outputs) -> {
            int parts = Math.min(team.size(), rows);
            if (parts == 1 || outputs.get(0).length() < SMALLEST) {
                return part.kernel(rows).bind(inputs, outputs);
            }
            Runnable[] calls = new Runnable[parts];
            for (int i = 0; i < parts; i++) {
                int from = rows * i / parts;
                int to = rows * (i + 1) / parts;
                List<INDArray> in = new ArrayList<>();
                for (int input = 0; input < inputs.size(); input++) {
                    INDArray array = inputs.get(input);
                    in.add(shared.contains(input) ? array : slice(array, rows, from, to));
                }
                List<INDArray> out =
                        outputs.stream().map(o -> slice(o, rows, from, to)).toList();
                calls[i] = part.kernel(to - from).bind(in, out);
            }
            return () -> team.run(i -> {
                if (i < parts) {
                    calls[i].run();
                }
            });
        };
    }

    /** The same for a kernel that asks its arrays how many rows there are. */
    static Kernel over(Team team, List<Integer> shared, Kernel kernel) {
        return (inputs, outputs) -> {
            int rows = (int) outputs.get(0).size(0);
            return over(team, rows, shared, part -> kernel).bind(inputs, outputs);
        };
    }

    /** Rows {@code from} to {@code to} of a c-ordered array whose first dimension is a multiple of {@code rows}. */
    private static INDArray slice(INDArray array, int rows, int from, int to) {
        long[] dims = array.shape().clone();
        long perRow = array.length() / rows;
        dims[0] = dims[0] / rows * (to - from);
        long offset = array.data().offset() + from * perRow;
        return Nd4j.create(array.data(), dims, Nd4j.getStrides(dims, 'c'), offset, 'c', array.dataType());
    }
}
