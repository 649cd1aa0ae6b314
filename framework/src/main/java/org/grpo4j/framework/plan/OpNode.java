package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.op.GraphView;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.TransformOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An ND4J op, executed through a context that holds its arrays and arguments.
 *
 * @param op the op
 * @param scope number of the function whose body the op is in, −1 for none. What a function computes again it computes
 *     again on purpose, to save memory, so ops of different functions count as different
 * @param inputs names of the inputs
 * @param outputs names of the outputs
 */
record OpNode(SameDiffOp op, int scope, List<String> inputs, List<String> outputs) implements PlanNode {
    private static final Set<String> RESHAPES =
            Set.of("reshape", "expand_dims", "squeeze", "identity", "stop_gradient");
    private static final Set<String> ELEMENTWISE = Set.of("add", "subtract", "multiply", "divide");

    OpNode(SameDiffOp op, int scope) {
        this(op, scope, GraphView.inputs(op), op.getOutputsOfOp());
    }

    @Override
    public String opName() {
        return op.getOp().opName();
    }

    @Override
    public PlanNode withNames(List<String> inputs, List<String> outputs) {
        return new OpNode(op, scope, inputs, outputs);
    }

    /** Ops of ND4J's older kind keep what they compute in fields of their own, so only the newer kind is compared. */
    @Override
    public @Nullable Object function() {
        if (!(op.getOp() instanceof DynamicCustomOp custom) || opName().contains("random")) {
            return null;
        }
        return List.of(
                opName(),
                scope,
                outputs.size(),
                Arrays.toString(custom.iArgs()),
                Arrays.toString(custom.tArgs()),
                Arrays.toString(custom.bArgs()),
                Arrays.toString(custom.dArgs()));
    }

    @Override
    public boolean isReshape() {
        return RESHAPES.contains(opName());
    }

    /** Element i of an element-wise op depends on elements i of its inputs only, unless an input is broadcast. */
    @Override
    public boolean mayOverwrite(int output, int input, List<Shape> inputShapes, Shape outputShape) {
        return ELEMENTWISE.contains(opName())
                || (op.getOp() instanceof Op && (op.getOp() instanceof TransformOp || op.getOp() instanceof ScalarOp));
    }

    @Override
    public Runnable bind(List<INDArray> in, List<INDArray> out) {
        DifferentialFunction function = op.getOp();
        OpContext context = Nd4j.getExecutioner().buildContext();
        if (function instanceof CustomOp) {
            DynamicCustomOp custom = (DynamicCustomOp) function;
            context.setArgs(
                    in.toArray(INDArray[]::new), custom.iArgs(), custom.dArgs(), custom.tArgs(), custom.bArgs());
            for (int i = 0; i < out.size(); i++) {
                context.setOutputArray(i, out.get(i));
            }
            return () -> Nd4j.exec(custom, context);
        }
        if (function instanceof Op legacy) {
            return bindLegacy(legacy, context, in, out.get(0));
        }
        throw new IllegalArgumentException("op '" + op.getName() + "' (" + opName() + ") cannot be executed by a plan");
    }

    /** Ops of ND4J's older kind keep axes and scalars in themselves rather than in the context. */
    private static Runnable bindLegacy(Op legacy, OpContext context, List<INDArray> in, INDArray out) {
        List<INDArray> arrays = new ArrayList<>(in);
        if (legacy instanceof ReduceOp reduce && in.size() == 2 && reduce.getOpType() != Op.Type.REDUCE3) {
            int[] axes = org.nd4j.linalg.api.shape.Shape.normalizeAxis(
                    in.get(0).rank(), in.get(1).toIntVector());
            ((DifferentialFunction) legacy).setDimensions(axes);
            ((BaseReduceOp) legacy).setEmptyReduce(false);
            arrays.remove(1);
        } else if (legacy instanceof ScalarOp scalar && in.size() == 2) {
            scalar.setScalar(in.get(1));
            arrays.remove(1);
        }
        for (int i = 0; i < arrays.size(); i++) {
            context.setInputArray(i, arrays.get(i));
        }
        context.setOutputArray(0, out);
        return () -> Nd4j.getExecutioner().exec(legacy, context);
    }
}
