package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Drops reshapes and identities: of c-ordered arrays they move no data, their result is a view. */
final class Reshapes implements Pass {
    @Override
    public void apply(Program program) {
        List<PlanNode> left = new ArrayList<>();
        for (PlanNode node : program.nodes()) {
            if (isView(program, node)) {
                String output = node.outputs().get(0);
                program.addView(output, new Program.View(node.inputs().get(0), program.shape(output)));
            } else {
                left.add(node);
            }
        }
        program.setNodes(left);
    }

    private static boolean isView(Program program, PlanNode node) {
        if (!node.isReshape()) {
            return false;
        }
        String input = node.inputs().get(0);
        INDArray leaf = program.array(program.base(input));
        Shape shape = program.shape(node.outputs().get(0));
        boolean contiguous = leaf == null || (leaf.ordering() == 'c' && !leaf.isView());
        return contiguous && program.shape(input).type() == shape.type();
    }
}
