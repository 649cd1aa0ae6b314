package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.controlflow.Select;

/**
 * Reductions over the entries that a 0/1 mask keeps. What lies under a zero of the mask has no influence at all, neither
 * on the value nor on the gradient, even when it is NaN or infinite: a product with the mask would not do, since
 * {@code NaN * 0 = NaN}.
 *
 * <p>Masks are floating-point variables of the shape and type of the values, 1 where an entry counts and 0 elsewhere.
 * They are not differentiated.
 */
public final class Masked {

    private Masked() {}

    /** {@code x} where the mask is 1, exactly 0 where it is 0; shape of {@code x}. */
    public static SDVariable select(SDVariable x, SDVariable mask) {
        return new Selection().apply(x, mask);
    }

    /** Sum of the kept entries over the given axes, over all of them if none is given. */
    public static SDVariable sum(SDVariable x, SDVariable mask, int... axes) {
        return select(x, mask).sum(axes);
    }

    /** Mean of the kept entries over the given axes, over all of them if none is given; 0 where the mask keeps none. */
    public static SDVariable mean(SDVariable x, SDVariable mask, int... axes) {
        SDVariable count = mask.sum(axes);
        // Counts are whole numbers, so adding 1 to the zero ones is the same as a maximum with 1, without its tie.
        SDVariable divisor = count.add(count.lt(0.5).castTo(mask.dataType()));
        return sum(x, mask, axes).div(divisor);
    }

    /**
     * The function of {@link #select}: inputs x and mask. It has a gradient because ND4J's op has none, and a boundary
     * because that op is slow: it took nine tenths of the time of the whole objective.
     */
    public record Selection() implements DifferentiableOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable mask = inputs.get(1);
            SDVariable[] choice = {mask.gt(0.5), inputs.get(0), graph.zerosLike(mask)};
            return List.of(new Select(graph, choice).outputVariable());
        }

        @Override
        public List<@Nullable SDVariable> gradient(Call call) {
            return Arrays.asList(call.upstreamOfFirst().mul(call.inputs().get(1)), null);
        }
    }
}
