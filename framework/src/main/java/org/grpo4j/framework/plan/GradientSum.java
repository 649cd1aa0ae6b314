package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.grpo4j.framework.ParameterStore;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** Adds arrays of one origin into a store, again and again, without allocating. */
public final class GradientSum {
    private final DynamicCustomOp add = DynamicCustomOp.builder("add").build();
    private final DynamicCustomOp copy = DynamicCustomOp.builder("identity").build();
    private final List<OpContext> additions = new ArrayList<>();
    private final List<OpContext> copies = new ArrayList<>();

    /**
     * Binds sources to their sums.
     *
     * @param target the sums
     * @param source the array to add to the sum of a name, of the same shape
     */
    public GradientSum(ParameterStore target, Function<String, INDArray> source) {
        for (String name : target.names()) {
            INDArray sum = target.get(name);
            INDArray part = source.apply(name);
            OpContext addition = Nd4j.getExecutioner().buildContext();
            addition.setInputArrays(sum, part);
            addition.setOutputArrays(sum);
            additions.add(addition);
            OpContext assignment = Nd4j.getExecutioner().buildContext();
            assignment.setInputArrays(part);
            assignment.setOutputArrays(sum);
            copies.add(assignment);
        }
    }

    /** Adds the sources to the sums. */
    public void add() {
        additions.forEach(context -> Nd4j.exec(add, context));
    }

    /** Overwrites the sums with the sources: the first addition of a new sum. */
    public void set() {
        copies.forEach(context -> Nd4j.exec(copy, context));
    }
}
