package org.grpo4j.framework.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.op.DifferentiableOp.Call;
import org.grpo4j.framework.op.Embedding;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Our own gradients of ND4J ops, by op name. They exist where {@code doDiff} is wrong, where it computes gradients that
 * nobody wants (a product with a constant table), or where it asks for shapes at run time that are known statically.
 */
public final class GradientRules {
    private static final Map<String, GradientRule> RULES = new ConcurrentHashMap<>();

    static {
        RULES.put("add", (op, call, shapes) -> binary(call, shapes, call::upstreamOfFirst, call::upstreamOfFirst));
        RULES.put(
                "subtract",
                (op, call, shapes) ->
                        binary(call, shapes, call::upstreamOfFirst, () -> negate(call.upstreamOfFirst())));
        RULES.put(
                "multiply",
                (op, call, shapes) -> binary(
                        call,
                        shapes,
                        () -> call.upstreamOfFirst().mul(call.inputs().get(1)),
                        () -> call.upstreamOfFirst().mul(call.inputs().get(0))));
        RULES.put(
                "divide",
                (op, call, shapes) -> binary(
                        call,
                        shapes,
                        () -> call.upstreamOfFirst().div(call.inputs().get(1)),
                        () -> negate(call.upstreamOfFirst()
                                .mul(call.outputs().get(0))
                                .div(call.inputs().get(1)))));
        RULES.put("matmul", GradientRules::matmul);
        RULES.put("reshape", GradientRules::reshapeBack);
        RULES.put("expand_dims", GradientRules::reshapeBack);
        RULES.put("squeeze", GradientRules::reshapeBack);
        RULES.put("permute", GradientRules::permute);
        RULES.put("slice", GradientRules::slice);
        RULES.put("concat", GradientRules::concat);
        RULES.put("gather", GradientRules::gather);
    }

    private GradientRules() {}

    /**
     * Registers a rule for an ND4J op, replacing any rule it had.
     *
     * @param opName ND4J's name of the op, as {@code DifferentialFunction.opName()} gives it
     */
    public static void register(String opName, GradientRule rule) {
        RULES.put(opName, rule);
    }

    static @Nullable GradientRule of(String opName) {
        return RULES.get(opName);
    }

    private static SDVariable negate(SDVariable x) {
        return x.getSameDiff().math().neg(x);
    }

    private static List<@Nullable SDVariable> binary(
            Call call, StaticShapes shapes, Supplier<SDVariable> left, Supplier<SDVariable> right) {
        SDVariable dLeft = call.wants(0) ? sumTo(left.get(), call.inputs().get(0), shapes) : null;
        SDVariable dRight = call.wants(1) ? sumTo(right.get(), call.inputs().get(1), shapes) : null;
        return Arrays.asList(dLeft, dRight);
    }

    /** Undoes broadcasting: sums a gradient over the axes along which its input was repeated. */
    private static SDVariable sumTo(SDVariable gradient, SDVariable input, StaticShapes shapes) {
        Shape from = shapes.of(gradient.name());
        Shape to = shapes.of(input.name());
        if (from.sameDims(to)) {
            return gradient;
        }
        int extra = from.dims().length - to.dims().length;
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < from.dims().length; axis++) {
            if (axis < extra || (to.dims()[axis - extra] == 1 && from.dims()[axis] != 1)) {
                axes.add(axis);
            }
        }
        SDVariable sum = gradient;
        if (!axes.isEmpty()) {
            sum = gradient.getSameDiff()
                    .sum(
                            gradient,
                            true,
                            axes.stream().mapToInt(Integer::intValue).toArray());
        }
        return sum.reshape(to.dims());
    }

    private static List<@Nullable SDVariable> matmul(DifferentialFunction op, Call call, StaticShapes shapes) {
        long[] flags = ((DynamicCustomOp) op).iArgs();
        boolean ta = flags.length > 0 && flags[0] != 0;
        boolean tb = flags.length > 1 && flags[1] != 0;
        if (flags.length > 2 && flags[2] != 0) {
            throw new IllegalArgumentException("matmul with a transposed result has no gradient; permute its output");
        }
        SameDiff graph = call.inputs().get(0).getSameDiff();
        SDVariable a = call.inputs().get(0);
        SDVariable b = call.inputs().get(1);
        if (shapes.of(a.name()).dims().length != shapes.of(b.name()).dims().length) {
            throw new IllegalArgumentException("matmul of different ranks has no gradient; reshape the inputs first");
        }
        SDVariable up = call.upstreamOfFirst();
        SDVariable da = null;
        SDVariable db = null;
        if (call.wants(0)) {
            da = ta ? graph.mmul(b, up, tb, true, false) : graph.mmul(up, b, false, !tb, false);
        }
        if (call.wants(1)) {
            db = tb ? graph.mmul(up, a, true, ta, false) : graph.mmul(a, up, !ta, false, false);
        }
        return Arrays.asList(da, db);
    }

    private static List<@Nullable SDVariable> reshapeBack(DifferentialFunction op, Call call, StaticShapes shapes) {
        List<@Nullable SDVariable> gradients = none(call);
        gradients.set(
                0,
                call.upstreamOfFirst()
                        .reshape(shapes.of(call.inputs().get(0).name()).dims()));
        return gradients;
    }

    private static List<@Nullable SDVariable> permute(DifferentialFunction op, Call call, StaticShapes shapes) {
        long[] order = ((DynamicCustomOp) op).iArgs();
        if (order.length == 0) {
            throw new IllegalArgumentException(
                    "permute with a variable order has no gradient; give the order as numbers");
        }
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[(int) order[i]] = i;
        }
        List<@Nullable SDVariable> gradients = none(call);
        gradients.set(0, call.upstreamOfFirst().permute(inverse));
        return gradients;
    }

    private static List<@Nullable SDVariable> slice(DifferentialFunction op, Call call, StaticShapes shapes) {
        SameDiff graph = call.inputs().get(0).getSameDiff();
        long[] dims = shapes.of(call.inputs().get(0).name()).dims();
        long[] size = shapes.of(call.outputs().get(0).name()).dims();
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        if (arguments.length < dims.length) {
            throw new IllegalArgumentException(
                    "slice with a variable origin has no gradient; give the origin as numbers");
        }
        int[][] padding = new int[dims.length][2];
        for (int axis = 0; axis < dims.length; axis++) {
            int begin = (int) arguments[axis];
            padding[axis][0] = begin;
            padding[axis][1] = (int) (dims[axis] - begin - size[axis]);
        }
        List<@Nullable SDVariable> gradients = none(call);
        gradients.set(0, graph.nn().pad(call.upstreamOfFirst(), graph.constant(Nd4j.createFromArray(padding)), 0.0));
        return gradients;
    }

    private static List<@Nullable SDVariable> concat(DifferentialFunction op, Call call, StaticShapes shapes) {
        SameDiff graph = call.inputs().get(0).getSameDiff();
        long[] whole = shapes.of(call.outputs().get(0).name()).dims();
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        int axis = (int) (arguments[0] < 0 ? arguments[0] + whole.length : arguments[0]);
        List<@Nullable SDVariable> gradients = none(call);
        int begin = 0;
        for (int i = 0; i < call.inputs().size(); i++) {
            long[] dims = shapes.of(call.inputs().get(i).name()).dims();
            if (call.wants(i)) {
                int[] origin = new int[dims.length];
                origin[axis] = begin;
                gradients.set(
                        i,
                        graph.slice(
                                call.upstreamOfFirst(),
                                origin,
                                Arrays.stream(dims).mapToInt(Math::toIntExact).toArray()));
            }
            begin += (int) dims[axis];
        }
        return gradients;
    }

    private static List<@Nullable SDVariable> gather(DifferentialFunction op, Call call, StaticShapes shapes) {
        SDVariable table = call.inputs().get(0);
        Shape tableShape = shapes.of(table.name());
        Shape ids = shapes.of(call.inputs().get(1).name());
        long[] arguments = ((DynamicCustomOp) op).iArgs();
        if (tableShape.dims().length != 2 || (arguments.length > 0 && arguments[0] != 0)) {
            throw new IllegalArgumentException("gather has a gradient for rows of a matrix only");
        }
        SDVariable upstream =
                call.upstreamOfFirst().reshape(ids.length(), tableShape.dims()[1]);
        SDVariable flatIds = call.inputs().get(1).reshape(ids.length());
        SDVariable scattered = new Embedding.Scatter((int) tableShape.dims()[0]).apply(upstream, flatIds);
        return Arrays.asList(scattered, null);
    }

    private static List<@Nullable SDVariable> none(Call call) {
        List<@Nullable SDVariable> gradients = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            gradients.add(null);
        }
        return gradients;
    }
}
