package org.grpo4j.training.objective;

import org.grpo4j.framework.op.Masked;
import org.grpo4j.framework.op.Sums;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The loss of a critic as ops of a graph: {@code Σ_t w_t ½ (V_t − R̂_t)²}, with R̂ the return. With a clip ε the error counts
 * that is larger: the one of V, or the one of V held within ±ε of what the critic said before the update (PPO as it is
 * usually run). Everything is {@code [rows, time]}, as in {@link Objective}; padding may hold anything.
 */
public final class ValueLoss {

    /** Placeholder: V before the update; only with a clip. */
    public static final String OLD = "value_old";
    /** Placeholder: the returns, zero on padding. */
    public static final String RETURNS = "value_returns";
    /** Placeholder: weights of the tokens, zero on padding. */
    public static final String WEIGHTS = "value_weights";

    private ValueLoss() {}

    /**
     * Adds the loss to the graph of the values; scalar, the micro-batch's share.
     *
     * @param values V, {@code [rows, time]}, FLOAT or DOUBLE
     * @param mask 1 on completion tokens, such as the variable {@link Objective#MASK}
     * @param clip ε &gt; 0, or null for none
     */
    public static SDVariable build(SDVariable values, SDVariable mask, int rows, int time, @Nullable Double clip) {
        SameDiff sd = values.getSameDiff();
        DataType type = values.dataType();
        SDVariable own = Masked.select(values, mask);
        SDVariable returns = sd.placeHolder(RETURNS, type, rows, time);
        SDVariable weights = sd.placeHolder(WEIGHTS, type, rows, time);
        SDVariable error = own.sub(returns);
        SDVariable square = error.mul(error);
        if (clip != null) {
            SDVariable old = sd.placeHolder(OLD, type, rows, time);
            SDVariable moved = own.sub(old);
            SDVariable up = Threshold.above(moved, clip);
            SDVariable down = Threshold.below(moved, -clip);
            SDVariable heldError = old.add(up.sub(down).mul(clip)).sub(returns);
            SDVariable heldSquare = heldError.mul(heldError);
            // Masks, not max(x, y): where the two are equal, ND4J's maximum passes the gradient to both.
            SDVariable held = Threshold.above(heldSquare.sub(square), 0).mul(up.add(down));
            square = square.mul(held.rsub(1.0)).add(heldSquare.mul(held));
        }
        return Sums.inDouble(square.mul(weights)).mul(0.5);
    }
}
