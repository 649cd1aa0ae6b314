package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Lets products add to the other term of an addition: a residual connection, a second contribution to a gradient, a
 * bias. Saves writing the product and reading it again.
 */
final class FusedAdditions implements Pass {
    @Override
    public void apply(Program program) {
        List<@Nullable PlanNode> nodes = new ArrayList<>(program.nodes());
        Uses uses = new Uses(program);
        for (int i = 0; i < nodes.size(); i++) {
            PlanNode node = nodes.get(i);
            if (!(node instanceof OpNode) || !node.opName().equals("add")) {
                continue;
            }
            for (int term : laterFirst(node, uses)) {
                String name = node.inputs().get(term);
                int at = uses.maker(name);
                boolean onlyHere = uses.isReadOnce(name) && program.sum(name) == null;
                if (at >= 0
                        && onlyHere
                        && nodes.get(at) instanceof KernelNode product
                        && product.kernel() instanceof AddingKernel kernel
                        && product.outputs().size() == 1
                        && fits(program, node, term)) {
                    nodes.set(at, null);
                    nodes.set(i, fused(product, kernel, node, term));
                    break;
                }
            }
        }
        program.setNodes(nodes.stream().filter(Objects::nonNull).toList());
    }

    /** Of two products the later one is added to the earlier one. */
    private static int[] laterFirst(PlanNode addition, Uses uses) {
        int first = uses.maker(addition.inputs().get(0));
        int second = uses.maker(addition.inputs().get(1));
        return first > second ? new int[] {0, 1} : new int[] {1, 0};
    }

    /** The product has the shape of the result, the other term too, or it is a row that is added to every row. */
    private static boolean fits(Program program, PlanNode addition, int product) {
        Shape result = program.shape(addition.outputs().get(0));
        Shape term = program.shape(addition.inputs().get(1 - product));
        long[] dims = result.dims();
        boolean row = term.dims().length == 1 && dims.length > 0 && term.dims()[0] == dims[dims.length - 1];
        return program.shape(addition.inputs().get(product)).sameDims(result)
                && term.type() == result.type()
                && (term.sameDims(result) || row);
    }

    private static PlanNode fused(KernelNode product, AddingKernel kernel, PlanNode addition, int place) {
        List<String> inputs = new ArrayList<>(product.inputs());
        inputs.add(addition.inputs().get(1 - place));
        return new KernelNode(
                product.opName() + "+",
                List.of(product.function(), "added"),
                new Added(kernel, product.inputs().size()),
                inputs,
                addition.outputs());
    }

    /**
     * A kernel that adds to its last input.
     *
     * @param kernel what is added
     * @param term index of the input that is added to
     */
    private record Added(AddingKernel kernel, int term) implements Kernel {
        @Override
        public boolean mayOverwrite(int output, int input) {
            return input == term;
        }

        @Override
        public long scratchLength() {
            return kernel.scratchLength();
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            INDArray sum = outputs.get(0);
            INDArray start = inputs.get(term);
            Runnable addition = kernel.bind(inputs.subList(0, term), outputs, output -> true);
            BytePointer from = new BytePointer(start.data().addressPointer());
            BytePointer to = new BytePointer(sum.data().addressPointer());
            if (from.address() == to.address()) {
                return addition;
            }
            long size = start.length() * start.dataType().width();
            long whole = sum.length() * sum.dataType().width();
            BytePointer done = new BytePointer(to);
            return () -> {
                Pointer.memcpy(to.position(0), from, size);
                // A row is repeated by copying what is there already, twice as much each time.
                for (long filled = size; filled < whole; filled *= 2) {
                    Pointer.memcpy(to.position(filled), done, Math.min(filled, whole - filled));
                }
                addition.run();
            };
        }
    }
}
