package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.op.Composites;
import org.grpo4j.framework.op.Composites.Composite;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/** The nodes of a graph in execution order, with functions that have a kernel as single nodes. */
final class NodeList {
    private final List<PlanNode> nodes = new ArrayList<>();

    NodeList(SameDiff graph, KernelSource kernels) {
        Map<String, PlanNode> byMember = new HashMap<>();
        for (Composite composite : Composites.of(graph)) {
            List<String> outputs = composite.outputNames(graph);
            Kernel kernel = kernels.find(
                    composite.op(), graph.getVariable(outputs.get(0)).dataType());
            if (kernel != null) {
                String name = composite.op().getClass().getSimpleName();
                PlanNode node = new KernelNode(name, kernel, composite.inputs(), outputs);
                composite.members().forEach(member -> byMember.put(member, node));
            }
        }
        Set<PlanNode> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        // SameDiff keeps ops in the order they were added, and an op can only be added after its inputs.
        for (SameDiffOp op : graph.getOps().values()) {
            PlanNode node = byMember.get(op.getName());
            if (node == null) {
                nodes.add(new OpNode(op));
            } else if (placed.add(node)) {
                nodes.add(node);
            }
        }
    }

    /** The nodes that the named variables depend on, in execution order. */
    List<PlanNode> neededFor(Collection<String> wanted) {
        Set<String> needed = new HashSet<>(wanted);
        List<PlanNode> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            PlanNode node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        return kept;
    }
}
