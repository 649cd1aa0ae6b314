package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.autodiff.StaticShapes;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.op.Composites;
import org.grpo4j.framework.op.Composites.Composite;
import org.grpo4j.framework.op.GraphView;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** The nodes of a graph in execution order, with functions that have a kernel as single nodes. */
final class NodeList {
    private final List<PlanNode> nodes = new ArrayList<>();

    NodeList(SameDiff graph, StaticShapes shapes, KernelSource kernels) {
        Map<String, PlanNode> byMember = new HashMap<>();
        Map<String, Integer> scopes = new HashMap<>();
        for (Composite composite : Composites.of(graph)) {
            int scope = scopes.size();
            composite.members().forEach(member -> scopes.put(member, scope));
            List<String> outputs = composite.outputNames(graph);
            Kernel kernel = kernels.find(
                    composite.op(), graph.getVariable(outputs.get(0)).dataType());
            if (kernel != null) {
                String name = composite.op().getClass().getSimpleName();
                PlanNode node = new KernelNode(name, composite.op(), kernel, composite.inputs(), outputs);
                composite.members().forEach(member -> byMember.put(member, node));
            }
        }
        Set<PlanNode> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        // SameDiff keeps ops in the order they were added, and an op can only be added after its inputs.
        for (SameDiffOp op : graph.getOps().values()) {
            PlanNode node = byMember.get(op.getName());
            if (node == null) {
                int scope = scopes.getOrDefault(op.getName(), -1);
                Kernel product = productKernel(op, shapes, kernels);
                nodes.add(product == null ? new OpNode(op, scope) : productNode(op, scope, product));
            } else if (placed.add(node)) {
                nodes.add(node);
            }
        }
    }

    private static PlanNode productNode(SameDiffOp op, int scope, Kernel product) {
        return new KernelNode(
                op.getOp().opName(), List.of(product, scope), product, GraphView.inputs(op), op.getOutputsOfOp());
    }

    private static @Nullable Kernel productKernel(SameDiffOp op, StaticShapes shapes, KernelSource kernels) {
        if (!op.getOp().opName().equals("matmul")) {
            return null;
        }
        Shape left = shapes.of(GraphView.inputs(op).get(0));
        Shape right = shapes.of(GraphView.inputs(op).get(1));
        long[] flags = ((DynamicCustomOp) op.getOp()).iArgs();
        boolean transposeResult = flags.length > 2 && flags[2] != 0;
        int rank = left.dims().length;
        boolean stacks = rank >= 2
                && rank == right.dims().length
                && Arrays.equals(left.dims(), 0, rank - 2, right.dims(), 0, rank - 2);
        if (transposeResult || !stacks) {
            return null;
        }
        return kernels.matMul(flags.length > 0 && flags[0] != 0, flags.length > 1 && flags[1] != 0, left.type());
    }

    /** All nodes, in execution order. */
    List<PlanNode> nodes() {
        return nodes;
    }
}
