package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.plan.Buffers.Buffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gives every result of a program its place: results whose lifetimes do not overlap share memory, and a node writes over
 * an input that nobody reads after it where it may.
 */
final class Placement {
    /** Outputs of the plan live until the next run. */
    private static final int FOREVER = Integer.MAX_VALUE;

    private final Program program;
    private final Buffers buffers = new Buffers();
    private final Map<String, Buffer> bufferOf = new HashMap<>();
    private final Map<String, Integer> lastReader = new HashMap<>();
    private final Map<PlanNode, Buffer> scratchOf = new IdentityHashMap<>();
    private Map<DataType, INDArray> blocks = Map.of();

    Placement(Program program) {
        this.program = program;
        List<PlanNode> nodes = program.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                lastReader.put(program.base(input), i);
            }
        }
        program.wanted().forEach(name -> lastReader.put(program.base(program.current(name)), FOREVER));
        for (int i = 0; i < nodes.size(); i++) {
            place(nodes.get(i), i);
        }
        buffers.place();
    }

    private void place(PlanNode node, int step) {
        for (String input : node.inputs()) {
            Buffer buffer = bufferOf.get(program.base(input));
            if (buffer != null) {
                buffer.usedAt(step);
            }
        }
        if (node.scratchLength() > 0) {
            scratchOf.put(node, buffers.create(DataType.FLOAT, node.scratchLength(), step));
        }
        Set<Buffer> overwritten = new HashSet<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            String output = node.outputs().get(i);
            if (program.sum(output) != null) {
                continue;
            }
            Shape shape = program.shape(output);
            Buffer buffer = overwritable(node, i, step, overwritten);
            if (buffer == null) {
                buffer = buffers.create(shape.type(), shape.length(), step);
            } else {
                overwritten.add(buffer);
            }
            buffer.usedAt(Math.max(step, lastReader.getOrDefault(output, step)));
            bufferOf.put(output, buffer);
        }
    }

    /** The buffer of an input that nobody reads after this node and that the output may overwrite. */
    private @Nullable Buffer overwritable(PlanNode node, int output, int step, Set<Buffer> taken) {
        Shape shape = program.shape(node.outputs().get(output));
        List<Shape> inputShapes = node.inputs().stream().map(program::shape).toList();
        for (int i = 0; i < inputShapes.size(); i++) {
            Buffer buffer = bufferOf.get(program.base(node.inputs().get(i)));
            if (buffer == null || buffer.lastStep > step || taken.contains(buffer)) {
                continue;
            }
            // Another input that reads the same memory in another way would see it change under its hands.
            boolean everywhere = true;
            for (int j = 0; j < inputShapes.size(); j++) {
                if (bufferOf.get(program.base(node.inputs().get(j))) == buffer) {
                    everywhere &= inputShapes.get(j).sameDims(shape)
                            && inputShapes.get(j).type() == shape.type()
                            && node.mayOverwrite(output, j, inputShapes, shape);
                }
            }
            if (everywhere) {
                return buffer;
            }
        }
        return null;
    }

    /** Bytes of all intermediate results and outputs. */
    long arenaBytes() {
        return buffers.blockLengths().entrySet().stream()
                .mapToLong(block -> block.getValue() * block.getKey().width())
                .sum();
    }

    /** Bytes that the same results would take side by side. */
    long unsharedBytes() {
        return buffers.unsharedBytes();
    }

    /** Takes memory of the arena. */
    void allocate(Arena arena) {
        blocks = arena.reserve(buffers.blockLengths());
    }

    /** The array of a variable, after {@link #allocate}. */
    INDArray array(String name) {
        String base = program.base(name);
        long[] dims = program.shape(name).dims();
        INDArray leaf = program.array(base);
        if (leaf != null) {
            return base.equals(name) ? leaf : leaf.reshape('c', dims);
        }
        OrderedSums.Part sum = program.sum(base);
        if (sum != null) {
            return sum.array().reshape('c', dims);
        }
        Buffer buffer = bufferOf.get(base);
        if (buffer == null) {
            throw new IllegalStateException("variable '" + name + "' is used before it is computed");
        }
        return array(buffer, dims);
    }

    private INDArray array(Buffer buffer, long... dims) {
        INDArray block = Objects.requireNonNull(blocks.get(buffer.type), "no memory has been taken yet");
        return Nd4j.create(block.data(), dims, Nd4j.getStrides(dims, 'c'), buffer.offset, 'c', buffer.type);
    }

    /** The arrays a node writes: its outputs, then its scratch memory if it has any. */
    List<INDArray> written(PlanNode node) {
        List<INDArray> arrays = arrays(node.outputs());
        Buffer scratch = scratchOf.get(node);
        if (scratch != null) {
            arrays.add(array(scratch, scratch.length));
        }
        return arrays;
    }

    List<INDArray> arrays(List<String> names) {
        List<INDArray> arrays = new ArrayList<>();
        names.forEach(name -> arrays.add(array(name)));
        return arrays;
    }
}
