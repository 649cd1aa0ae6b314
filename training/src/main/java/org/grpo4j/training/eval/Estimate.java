package org.grpo4j.training.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number with its confidence interval.
 *
 * @param value the estimate; NaN when there is nothing to estimate from
 * @param low lower end of the interval; NaN when there is too little for one
 * @param high upper end of the interval; NaN when there is too little for one
 */
public record Estimate(double value, double low, double high) {

    static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN);

    /** As a JSON object; what is NaN is null there. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("value", orNull(value));
        map.put("low", orNull(low));
        map.put("high", orNull(high));
        return map;
    }

    static @Nullable Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
