package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes once what depends on constants only, shapes asked for at run time among them. */
final class ConstantFolding implements Pass {
    @Override
    public void apply(Program program) {
        List<PlanNode> left = new ArrayList<>();
        for (PlanNode node : program.nodes()) {
            if (node.opName().equals("shape_of")) {
                foldShape(program, node);
            } else if (!node.inputs().isEmpty() && node.inputs().stream().allMatch(program::isConstant)) {
                fold(program, node);
            } else {
                left.add(node);
            }
        }
        program.setNodes(left);
    }

    private static void foldShape(Program program, PlanNode node) {
        String output = node.outputs().get(0);
        long[] dims = program.shape(node.inputs().get(0)).dims();
        program.fold(
                output, Nd4j.createFromArray(dims).castTo(program.shape(output).type()));
    }

    private static void fold(Program program, PlanNode node) {
        List<INDArray> inputs = node.inputs().stream()
                .map(name -> Objects.requireNonNull(program.array(name), name))
                .toList();
        List<INDArray> results = new ArrayList<>();
        for (String output : node.outputs()) {
            Shape shape = program.shape(output);
            INDArray result = Nd4j.create(shape.type(), shape.dims());
            results.add(result);
            program.fold(output, result);
        }
        if (node.scratchLength() > 0) {
            results.add(program.own(Nd4j.createUninitialized(DataType.FLOAT, node.scratchLength())));
        }
        node.bind(inputs, results).run();
    }
}
