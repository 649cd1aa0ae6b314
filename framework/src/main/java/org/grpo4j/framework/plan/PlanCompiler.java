package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.StaticShapes;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.op.GraphView;
import org.grpo4j.framework.plan.Buffers.Buffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns a graph into a {@link Plan}: prune, fold constants, drop reshapes, share memory, bind every op to its arrays. */
final class PlanCompiler {
    private final SameDiff graph;
    private final Collection<String> wanted;
    private final Map<String, INDArray> bound;
    private final KernelSource kernels;
    private final StaticShapes shapes;
    private final Buffers buffers = new Buffers();
    private final Map<String, Value> values = new HashMap<>();
    /** Index of the last node that reads a variable, by name and by the memory it lies in. */
    private final Map<String, Integer> lastReader = new HashMap<>();

    private final Map<Buffer, Integer> lastReaderOfBuffer = new HashMap<>();
    private final Map<String, INDArray> inputs = new LinkedHashMap<>();
    private final List<INDArray> owned = new ArrayList<>();
    private final Map<DataType, INDArray> blocks = new HashMap<>();

    PlanCompiler(SameDiff graph, Collection<String> wanted, Map<String, INDArray> bound, KernelSource kernels) {
        this.graph = graph;
        this.wanted = wanted;
        this.bound = bound;
        this.kernels = kernels;
        this.shapes = new StaticShapes(graph);
    }

    /**
     * Where a variable's value is: in an array that exists already, or in a buffer that gets its place later. Results
     * of reshapes share the buffer or array of their input.
     */
    private record Value(
            Shape shape, @Nullable INDArray array, @Nullable Buffer buffer, boolean constant) {}

    Plan compile() {
        List<PlanNode> nodes = new NodeList(graph, shapes, kernels).neededFor(wanted);
        nodes.forEach(node -> node.inputs().forEach(this::leaf));
        wanted.forEach(this::leaf);
        List<PlanNode> executed = new ArrayList<>();
        findLastReaders(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            PlanNode node = nodes.get(i);
            if (!foldShape(node) && !foldConstant(node) && !alias(node)) {
                allocate(node, i, executed.size());
                executed.add(node);
            }
        }
        for (String output : wanted) {
            Buffer buffer = valueOf(output).buffer;
            if (buffer != null) {
                buffer.usedAt(Integer.MAX_VALUE);
            }
        }
        buffers.place();
        buffers.blockLengths().forEach((type, length) -> blocks.put(type, own(Nd4j.createUninitialized(type, length))));
        List<Runnable> steps = new ArrayList<>();
        for (PlanNode node : executed) {
            steps.add(node.bind(arrays(node.inputs()), arrays(node.outputs())));
        }
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        wanted.forEach(name -> outputs.put(name, array(valueOf(name))));
        List<String> labels = executed.stream().map(this::label).toList();
        return new Plan(graph, steps, labels, inputs, outputs, owned, statistics(steps.size(), nodes.size()));
    }

    /** Gives leaves (variables, constants, placeholders) their arrays. */
    private void leaf(String name) {
        if (values.containsKey(name) || GraphView.maker(graph, name) != null) {
            return;
        }
        SDVariable variable = graph.getVariable(name);
        Shape shape = shapes.of(name);
        INDArray array;
        if (variable.isPlaceHolder()) {
            INDArray given = bound.get(name);
            array = given != null ? given : own(Nd4j.create(shape.type(), shape.dims()));
            if (given != null && (!Arrays.equals(given.shape(), shape.dims()) || given.dataType() != shape.type())) {
                throw new IllegalArgumentException("the array bound to '" + name + "' is " + given.dataType() + " "
                        + Arrays.toString(given.shape()) + ", the graph declares " + shape.type() + " "
                        + Arrays.toString(shape.dims()));
            }
            inputs.put(name, array);
        } else {
            array = variable.getArr();
        }
        values.put(name, new Value(shape, array, null, variable.isConstant()));
    }

    /** A shape asked for at run time is a constant here. */
    private boolean foldShape(PlanNode node) {
        if (!node.opName().equals("shape_of")) {
            return false;
        }
        String output = node.outputs().get(0);
        long[] dims = shapes.of(node.inputs().get(0)).dims();
        INDArray array = own(Nd4j.createFromArray(dims).castTo(shapes.of(output).type()));
        values.put(output, new Value(shapes.of(output), array, null, true));
        return true;
    }

    private boolean foldConstant(PlanNode node) {
        boolean constant =
                !node.inputs().isEmpty() && node.inputs().stream().allMatch(input -> valueOf(input).constant);
        if (!constant) {
            return false;
        }
        List<INDArray> results = new ArrayList<>();
        for (String output : node.outputs()) {
            Shape shape = shapes.of(output);
            INDArray array = own(Nd4j.create(shape.type(), shape.dims()));
            values.put(output, new Value(shape, array, null, true));
            results.add(array);
        }
        node.bind(arrays(node.inputs()), results).run();
        return true;
    }

    /** Reshapes of c-ordered arrays move no data. */
    private boolean alias(PlanNode node) {
        if (!node.isReshape()) {
            return false;
        }
        Value input = valueOf(node.inputs().get(0));
        Shape shape = shapes.of(node.outputs().get(0));
        boolean contiguous = input.array == null || (input.array.ordering() == 'c' && !input.array.isView());
        if (!contiguous || input.shape.type() != shape.type()) {
            return false;
        }
        INDArray view = input.array == null ? null : input.array.reshape('c', shape.dims());
        put(node.outputs().get(0), new Value(shape, view, input.buffer, input.constant));
        return true;
    }

    private void allocate(PlanNode node, int index, int step) {
        for (String input : node.inputs()) {
            Buffer buffer = valueOf(input).buffer;
            if (buffer != null) {
                buffer.usedAt(step);
            }
        }
        Buffer reused = overwritable(node, index);
        for (int i = 0; i < node.outputs().size(); i++) {
            Shape shape = shapes.of(node.outputs().get(i));
            Buffer buffer = i == 0 && reused != null ? reused : buffers.create(shape.type(), shape.length(), step);
            buffer.usedAt(step);
            put(node.outputs().get(i), new Value(shape, null, buffer, false));
        }
    }

    /** The buffer of an input that nobody reads after this node and that the node's output may overwrite. */
    private @Nullable Buffer overwritable(PlanNode node, int index) {
        if (!node.isElementwise()) {
            return null;
        }
        Shape output = shapes.of(node.outputs().get(0));
        for (String name : node.inputs()) {
            Value input = valueOf(name);
            Buffer buffer = input.buffer;
            if (buffer == null || lastReaderOfBuffer.getOrDefault(buffer, 0) > index) {
                continue;
            }
            // Another input that reads the same memory in another shape would see it change under its hands.
            boolean sameEverywhere = node.inputs().stream()
                    .map(this::valueOf)
                    .filter(value -> value.buffer == buffer)
                    .allMatch(value -> value.shape.sameDims(output) && value.shape.type() == output.type());
            if (sameEverywhere) {
                return buffer;
            }
        }
        return null;
    }

    private void findLastReaders(List<PlanNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                lastReader.put(input, i);
            }
        }
        wanted.forEach(name -> lastReader.put(name, Integer.MAX_VALUE));
    }

    private void put(String name, Value value) {
        values.put(name, value);
        if (value.buffer != null) {
            lastReaderOfBuffer.merge(value.buffer, lastReader.getOrDefault(name, 0), Math::max);
        }
    }

    private String label(PlanNode node) {
        return node.opName()
                + node.inputs().stream()
                        .map(input -> Arrays.toString(shapes.of(input).dims()))
                        .toList();
    }

    private Value valueOf(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("variable '" + name + "' is used before it is computed");
        }
        return value;
    }

    private List<INDArray> arrays(List<String> names) {
        return names.stream().map(name -> array(valueOf(name))).toList();
    }

    private INDArray array(Value value) {
        if (value.array != null) {
            return value.array;
        }
        Buffer buffer = value.buffer;
        INDArray block = buffer == null ? null : blocks.get(buffer.type);
        if (buffer == null || block == null) {
            throw new IllegalStateException("a value has neither an array nor a buffer");
        }
        long[] dims = value.shape.dims();
        return Nd4j.create(block.data(), dims, Nd4j.getStrides(dims, 'c'), buffer.offset, 'c', buffer.type);
    }

    private INDArray own(INDArray array) {
        owned.add(array);
        return array;
    }

    private Plan.Statistics statistics(int steps, int ops) {
        long arena = 0;
        for (INDArray block : blocks.values()) {
            arena += block.length() * block.dataType().width();
        }
        return new Plan.Statistics(steps, ops, arena, buffers.unsharedBytes());
    }
}
