package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Turns a graph into a {@link Plan}: runs the passes, places results in memory, binds every node to its arrays. */
final class PlanCompiler {
    private final Program program;
    private final Placement placement;
    private final OrderedSums.Task task = new OrderedSums.Task();
    private final int nodesOfGraph;

    PlanCompiler(Plan.Builder builder) {
        this.program = new Program(
                builder.graph(), builder.outputs(), builder.sumOf().keySet(), builder.bound(), builder.kernels());
        new DeadCode().apply(program);
        this.nodesOfGraph = program.nodes().size();
        program.resolveLeaves();
        passes(builder).forEach(pass -> pass.apply(program));
        this.placement = new Placement(program);
    }

    private List<Pass> passes(Plan.Builder builder) {
        List<Pass> passes = new ArrayList<>();
        passes.add(new ConstantFolding());
        passes.add(new CommonSubexpressions());
        // Recomputation duplicates on purpose and therefore comes after the search for duplicates.
        if (!builder.boundaries().isEmpty()) {
            passes.add(new Recomputation(builder.boundaries()));
        }
        passes.add(new Reshapes());
        OrderedSums sums = builder.sums();
        if (sums != null) {
            passes.add(new Summation(sums, task, builder.sumOf()));
        }
        passes.add(new FusedAdditions());
        return passes;
    }

    /**
     * Compiles into shared memory.
     *
     * @param own whether the plan is alone in the arena and closes it
     */
    Plan compile(Arena arena, boolean own) {
        placement.allocate(arena);
        List<Runnable> steps = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (PlanNode node : program.nodes()) {
            steps.add(bind(node));
            labels.add(label(node));
        }
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        program.wanted().forEach(name -> outputs.put(name, placement.array(program.current(name))));
        Plan plan = new Plan(
                program.graph(),
                steps,
                labels,
                program.inputs(),
                outputs,
                program.owned(),
                own ? arena : null,
                task,
                statistics());
        if (!own) {
            arena.add(plan);
        }
        return plan;
    }

    /** What the plan would come to, without taking its memory. */
    Plan.Statistics measure() {
        program.owned().forEach(INDArray::close);
        return statistics();
    }

    private Runnable bind(PlanNode node) {
        List<INDArray> inputs = placement.arrays(node.inputs());
        List<INDArray> outputs = placement.written(node);
        OrderedSums.@Nullable Part[] parts =
                node.outputs().stream().map(program::sum).toArray(OrderedSums.Part[]::new);
        List<OrderedSums.Part> sums = new ArrayList<>();
        for (OrderedSums.Part part : parts) {
            if (part != null) {
                sums.add(part);
            }
        }
        if (sums.isEmpty()) {
            return node.bind(inputs, outputs);
        }
        if (!(node instanceof KernelNode adding && adding.kernel() instanceof AddingKernel kernel)) {
            throw new IllegalStateException(node.opName() + " cannot add to a sum");
        }
        Runnable step = kernel.bind(inputs, outputs, output -> {
            OrderedSums.Part part = parts[output];
            return part != null && part.adds();
        });
        return () -> {
            sums.forEach(OrderedSums.Part::await);
            step.run();
            sums.forEach(OrderedSums.Part::done);
        };
    }

    private String label(PlanNode node) {
        return node.opName()
                + node.inputs().stream()
                        .map(input -> Arrays.toString(program.shape(input).dims()))
                        .toList();
    }

    private Plan.Statistics statistics() {
        return new Plan.Statistics(
                program.nodes().size(), nodesOfGraph, placement.arenaBytes(), placement.unsharedBytes());
    }
}
