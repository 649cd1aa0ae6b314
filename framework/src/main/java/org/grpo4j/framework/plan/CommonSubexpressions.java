package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes once what is computed twice from the same variables. */
final class CommonSubexpressions implements Pass {
    private record Expression(Object function, List<String> inputs) {}

    @Override
    public void apply(Program program) {
        Map<Expression, PlanNode> first = new HashMap<>();
        List<PlanNode> left = new ArrayList<>();
        for (PlanNode node : program.nodes()) {
            List<String> inputs = node.inputs().stream().map(program::current).toList();
            Object function = node.function();
            PlanNode earlier = function == null ? null : first.get(new Expression(function, inputs));
            if (earlier != null) {
                for (int i = 0; i < node.outputs().size(); i++) {
                    program.replace(node.outputs().get(i), earlier.outputs().get(i));
                }
                continue;
            }
            PlanNode kept = inputs.equals(node.inputs()) ? node : node.withNames(inputs, node.outputs());
            left.add(kept);
            if (function != null) {
                first.put(new Expression(function, inputs), kept);
            }
        }
        program.setNodes(left);
    }
}
