package org.grpo4j.framework.autodiff;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.op.GraphView;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Shapes of graph variables without running the graph. Placeholders must be declared with full shapes. SameDiff itself
 * only knows the shape of an op's result after executing it.
 */
public final class StaticShapes {
    private final SameDiff graph;
    private final Map<String, Shape> known = new HashMap<>();
    private final Map<DataType, DataBuffer> elements = new EnumMap<>(DataType.class);

    public StaticShapes(SameDiff graph) {
        this.graph = graph;
    }

    /** A shape with its data type; {@code dims} is empty for a scalar. */
    public record Shape(DataType type, long... dims) {
        /** Number of elements. */
        public long length() {
            return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        }

        /** Whether two shapes have the same dimensions, whatever their types. */
        public boolean sameDims(Shape other) {
            return Arrays.equals(dims, other.dims);
        }
    }

    /**
     * The shape of a variable.
     *
     * @throws IllegalArgumentException if a placeholder it depends on has an open dimension
     */
    public Shape of(String variable) {
        Shape shape = known.get(variable);
        if (shape != null) {
            return shape;
        }
        String maker = GraphView.maker(graph, variable);
        if (maker == null) {
            shape = ofLeaf(graph.getVariable(variable));
            known.put(variable, shape);
            return shape;
        }
        SameDiffOp op = GraphView.op(graph, maker);
        List<Shape> outputs = infer(op);
        for (int i = 0; i < outputs.size(); i++) {
            known.put(op.getOutputsOfOp().get(i), outputs.get(i));
        }
        return outputs.get(op.getOutputsOfOp().indexOf(variable));
    }

    private static Shape ofLeaf(SDVariable leaf) {
        if (leaf.isPlaceHolder()) {
            long[] dims = leaf.placeholderShape();
            if (dims == null || Arrays.stream(dims).anyMatch(d -> d < 0)) {
                throw new IllegalArgumentException(
                        "placeholder '" + leaf.name() + "' has no fixed shape; declare it with all its dimensions");
            }
            return new Shape(leaf.dataType(), dims);
        }
        INDArray array = leaf.getArr();
        return new Shape(array.dataType(), array.shape());
    }

    private List<Shape> infer(SameDiffOp op) {
        List<String> names = GraphView.inputs(op);
        INDArray[] inputs = new INDArray[names.size()];
        for (int i = 0; i < inputs.length; i++) {
            SDVariable input = graph.getVariable(names.get(i));
            // Axes and target shapes arrive as constants: their values decide the shape.
            inputs[i] = input.isConstant() ? input.getArr() : withoutValues(of(names.get(i)));
        }
        return shapes(op.getOp(), inputs, Nd4j.getExecutioner().buildContext(), op, graph);
    }

    /** An array that only has a shape: whatever its size, it lies over one element that nobody reads. */
    private INDArray withoutValues(Shape shape) {
        DataBuffer element = elements.computeIfAbsent(
                shape.type(), type -> Nd4j.createUninitialized(type, 1).data());
        return Nd4j.create(element, shape.dims(), Nd4j.getStrides(shape.dims(), 'c'), 0, 'c', shape.type());
    }

    private static List<Shape> shapes(
            DifferentialFunction function, INDArray[] inputs, OpContext context, SameDiffOp op, SameDiff graph) {
        List<LongShapeDescriptor> descriptors;
        if (function instanceof DynamicCustomOp custom) {
            context.setArgs(inputs, custom.iArgs(), custom.dArgs(), custom.tArgs(), custom.bArgs());
            descriptors = custom.calculateOutputShape(context);
        } else if (function instanceof BaseOp legacy) {
            for (int i = 0; i < inputs.length; i++) {
                context.setInputArray(i, inputs[i]);
            }
            descriptors = legacy.calculateOutputShape(context);
        } else {
            throw new IllegalArgumentException(
                    "op '" + op.getName() + "' (" + function.opName() + ") has no static shape and cannot be planned");
        }
        Shape[] shapes = new Shape[descriptors.size()];
        for (int i = 0; i < shapes.length; i++) {
            // Several ops cannot tell their output type; the variable's declared type is right.
            DataType type = graph.getVariable(op.getOutputsOfOp().get(i)).dataType();
            shapes[i] = new Shape(type, descriptors.get(i).getShape());
        }
        return List.of(shapes);
    }
}
