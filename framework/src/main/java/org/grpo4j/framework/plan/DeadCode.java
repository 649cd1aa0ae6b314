package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the nodes that the wanted variables depend on. */
final class DeadCode implements Pass {
    @Override
    public void apply(Program program) {
        Set<String> needed = new HashSet<>(program.roots());
        List<PlanNode> nodes = program.nodes();
        List<PlanNode> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            PlanNode node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        program.setNodes(kept);
    }
}
