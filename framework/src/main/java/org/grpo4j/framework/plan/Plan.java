package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.kernel.Kernels;
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
    private final Statistics statistics;

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
            Statistics statistics) {
        this.graph = graph;
        this.steps = steps.toArray(Runnable[]::new);
        this.labels = List.copyOf(labels);
        this.inputs = inputs;
        this.outputs = outputs;
        this.owned = new ArrayList<>(owned);
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
        return compile(graph, outputs, Map.of(), Kernels.available());
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
        return new PlanCompiler(graph, outputs, bound, kernels).compile();
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

    /** Frees the memory of intermediate results, outputs and the plan's own inputs. */
    @Override
    public void close() {
        owned.forEach(INDArray::close);
        owned.clear();
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
