package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.kernel.Kernels;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph compiled for fixed shapes: which ops run, in which order and where their results lie is decided once, and a
 * run only executes. Variables of the graph are read in place, so that an optimiser or another plan sees and makes the
 * same parameters.
 *
 * <p>A plan is for one thread at a time; plans of different graphs over shared variables may run at once.
 */
public final class Plan implements AutoCloseable {
    private final Runnable[] steps;
    private final List<String> labels;
    private final Map<String, INDArray> inputs;
    private final Map<String, INDArray> outputs;
    private final List<INDArray> owned;
    /** The memory of the results, if no other plan shares it. */
    private final @Nullable Arena ownArena;

    private boolean closed;
    private final Statistics statistics;

    private final OrderedSums.Task task;

    /** The graph is kept alive: its constants are read in every run. */
    @SuppressWarnings("unused")
    private final SameDiff graph;

    Plan(
            SameDiff graph,
            List<Runnable> steps,
            List<String> labels,
            Map<String, INDArray> inputs,
            Map<String, INDArray> outputs,
            List<INDArray> owned,
            @Nullable Arena ownArena,
            OrderedSums.Task task,
            Statistics statistics) {
        this.graph = graph;
        this.steps = steps.toArray(Runnable[]::new);
        this.labels = List.copyOf(labels);
        this.inputs = inputs;
        this.outputs = outputs;
        this.owned = new ArrayList<>(owned);
        this.ownArena = ownArena;
        this.task = task;
        this.statistics = statistics;
    }

    /**
     * What a plan came to.
     *
     * @param steps ops and kernels executed in a run
     * @param opsOfGraph ops of the graph the outputs depend on
     * @param arenaBytes memory of all intermediate results and outputs
     * @param unsharedBytes what that memory would be if no two results shared space
     */
    public record Statistics(int steps, int opsOfGraph, long arenaBytes, long unsharedBytes) {}

    /** Compiles a graph for the named outputs with the kernels of this backend. */
    public static Plan compile(SameDiff graph, Collection<String> outputs) {
        return of(graph).outputs(outputs).compile();
    }

    /**
     * Compiles a graph.
     *
     * @param graph its placeholders must have full shapes
     * @param outputs names of the variables to compute
     * @param bound arrays to read for placeholders instead of ones of the plan's own; they stay the caller's
     * @param kernels where to find faster implementations of whole functions
     */
    public static Plan compile(
            SameDiff graph, Collection<String> outputs, Map<String, INDArray> bound, KernelSource kernels) {
        return of(graph).outputs(outputs).bound(bound).kernels(kernels).compile();
    }

    /** Begins to describe a plan of a graph, whose placeholders must have full shapes. */
    public static Builder of(SameDiff graph) {
        return new Builder(graph);
    }

    /** What to compile a graph for. */
    public static final class Builder {
        private final SameDiff graph;
        private Collection<String> outputs = List.of();
        private Map<String, INDArray> bound = Map.of();
        private KernelSource kernels = Kernels.available();
        private @Nullable OrderedSums sums;
        private Map<String, String> sumOf = Map.of();
        private List<String> boundaries = List.of();

        private Builder(SameDiff graph) {
            this.graph = graph;
        }

        /** Names of the variables to compute and keep. */
        public Builder outputs(Collection<String> names) {
            this.outputs = names;
            return this;
        }

        /** Arrays to read for placeholders instead of ones of the plan's own; they stay the caller's. */
        public Builder bound(Map<String, INDArray> arrays) {
            this.bound = arrays;
            return this;
        }

        /** Where to find faster implementations of whole functions; those of this backend unless given. */
        public Builder kernels(KernelSource source) {
            this.kernels = source;
            return this;
        }

        /**
         * Variables to add to sums in every run; they are no outputs.
         *
         * @param target the sums
         * @param names the name of the sum by the name of the variable
         */
        public Builder sums(OrderedSums target, Map<String, String> names) {
            this.sums = target;
            this.sumOf = names;
            return this;
        }

        /**
         * Activation checkpointing: variables of the forward pass between which nothing is kept for the backward pass, in
         * the order in which they are computed. Results stay the same bits.
         */
        public Builder recomputeBetween(List<String> variables) {
            this.boundaries = variables;
            return this;
        }

        /** Compiles a plan with memory of its own. */
        public Plan compile() {
            return new PlanCompiler(this).compile(new Arena(), true);
        }

        /** Compiles a plan whose results lie in memory that it shares with the arena's other plans. */
        public Plan compile(Arena arena) {
            return new PlanCompiler(this).compile(arena, false);
        }

        /** What the plan would come to; its memory is not taken. */
        public Statistics measure() {
            return new PlanCompiler(this).measure();
        }

        SameDiff graph() {
            return graph;
        }

        Collection<String> outputs() {
            return outputs;
        }

        Map<String, INDArray> bound() {
            return bound;
        }

        KernelSource kernels() {
            return kernels;
        }

        @Nullable
        OrderedSums sums() {
            return sums;
        }

        Map<String, String> sumOf() {
            return sumOf;
        }

        List<String> boundaries() {
            return boundaries;
        }
    }

    /** The array of a placeholder, to be filled before {@link #run}. */
    public INDArray input(String name) {
        return named(inputs, name, "input");
    }

    /** The array of an output, valid from one {@link #run} to the next. */
    public INDArray output(String name) {
        return named(outputs, name, "output");
    }

    /** Computes all outputs from the present values of inputs and variables. Allocates no array. */
    public void run() {
        run(0);
    }

    /**
     * {@link #run()} as one task of the step whose sums this plan adds to.
     *
     * @param index of the task, see {@link OrderedSums#begin}
     */
    public void run(int index) {
        if (closed) {
            throw new IllegalStateException("this plan is closed, or its arena has been replaced; compile it again");
        }
        task.index = index;
        for (Runnable step : steps) {
            step.run();
        }
    }

    /**
     * Where the time goes: runs the plan and times every step.
     *
     * @return seconds a run by op and input shapes, the slowest first
     */
    public Map<String, Double> profile(int runs) {
        Map<String, Double> seconds = new HashMap<>();
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < steps.length; i++) {
                long start = System.nanoTime();
                steps[i].run();
                seconds.merge(labels.get(i), (System.nanoTime() - start) / 1e9 / runs, Double::sum);
            }
        }
        Map<String, Double> slowestFirst = new LinkedHashMap<>();
        seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> slowestFirst.put(entry.getKey(), entry.getValue()));
        return slowestFirst;
    }

    /** What this plan came to. */
    public Statistics statistics() {
        return statistics;
    }

    /** Frees the memory of the plan's own inputs and constants, and of its results unless an arena has them. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        owned.forEach(INDArray::close);
        owned.clear();
        if (ownArena != null) {
            ownArena.close();
        }
    }

    /** Whether this plan cannot run any more, because it was closed or its {@link Arena} has been replaced. */
    public boolean isClosed() {
        return closed;
    }

    private static INDArray named(Map<String, INDArray> arrays, String name, String kind) {
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "the plan has no " + kind + " '" + name + "'; it has " + arrays.keySet());
        }
        return array;
    }
}
