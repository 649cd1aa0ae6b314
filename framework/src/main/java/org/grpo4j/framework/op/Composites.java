package org.grpo4j.framework.op;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The function boundaries of every live graph. SameDiff has no place to attach them and cannot be subclassed, so they
 * are kept beside it, keyed by the graph's identity and forgotten with it.
 */
public final class Composites {
    private static final Map<Key, List<Composite>> BOUNDARIES = new ConcurrentHashMap<>();
    private static final ReferenceQueue<SameDiff> COLLECTED = new ReferenceQueue<>();
    /** The function being recorded on this thread: functions called inside another one belong to the outer one. */
    private static final ThreadLocal<@Nullable CompositeOp> RECORDING = new ThreadLocal<>();

    private Composites() {}

    /**
     * One application of a function: names only, so that the table does not keep graphs alive.
     *
     * @param op the function
     * @param inputs names of the input variables
     * @param outputs the output variables, each as op name and index among that op's outputs, which survive renaming
     * @param members names of the ops of the body, in the order they were added
     */
    public record Composite(CompositeOp op, List<String> inputs, List<Output> outputs, Set<String> members) {
        /** The present names of the outputs. */
        public List<String> outputNames(SameDiff graph) {
            return outputs.stream().map(output -> output.name(graph)).toList();
        }
    }

    /** An output by the op that makes it. */
    public record Output(String op, int index) {
        String name(SameDiff graph) {
            return GraphView.op(graph, op).getOutputsOfOp().get(index);
        }
    }

    /** The applications recorded for a graph, in the order they were made. */
    public static List<Composite> of(SameDiff graph) {
        return List.copyOf(BOUNDARIES.getOrDefault(new Key(graph, null), List.of()));
    }

    static List<SDVariable> record(CompositeOp op, SameDiff graph, List<SDVariable> inputs) {
        if (RECORDING.get() != null) {
            return op.body(graph, inputs);
        }
        int before = graph.getOps().size();
        List<SDVariable> outputs;
        RECORDING.set(op);
        try {
            outputs = op.body(graph, inputs);
        } finally {
            RECORDING.remove();
        }
        Set<String> members = new LinkedHashSet<>(new ArrayList<>(graph.getOps().keySet())
                .subList(before, graph.getOps().size()));
        List<Output> made =
                outputs.stream().map(output -> madeBy(graph, output, members)).toList();
        forgetCollected();
        BOUNDARIES
                .computeIfAbsent(new Key(graph, COLLECTED), k -> new CopyOnWriteArrayList<>())
                .add(new Composite(op, inputs.stream().map(SDVariable::name).toList(), made, members));
        return outputs;
    }

    private static Output madeBy(SameDiff graph, SDVariable output, Set<String> members) {
        String maker = GraphView.maker(graph, output.name());
        if (maker == null || !members.contains(maker)) {
            throw new IllegalStateException(
                    "output '" + output.name() + "' is not made by the function that returns it");
        }
        return new Output(maker, GraphView.op(graph, maker).getOutputsOfOp().indexOf(output.name()));
    }

    private static void forgetCollected() {
        for (Object dead = COLLECTED.poll(); dead != null; dead = COLLECTED.poll()) {
            BOUNDARIES.remove(dead);
        }
    }

    /** A graph by identity: SameDiff's own equals compares whole graphs. */
    private static final class Key extends WeakReference<SameDiff> {
        private final int hash;

        Key(SameDiff graph, @Nullable ReferenceQueue<SameDiff> queue) {
            super(graph, queue);
            hash = System.identityHashCode(graph);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            return other instanceof Key key && get() != null && get() == key.get();
        }
    }
}
