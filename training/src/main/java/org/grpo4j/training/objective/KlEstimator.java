package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Estimator of the KL divergence from the reference policy by sampled tokens (objective, section 4), with
 * {@code x = log π_ref − log π}. It is differentiated as it stands.
 */
public enum KlEstimator {
    /** {@code −x}. */
    @JsonProperty("k1")
    K1,
    /** {@code x² / 2}. */
    @JsonProperty("k2")
    K2,
    /** {@code exp(x) − x − 1}, never negative. */
    @JsonProperty("k3")
    K3;

    /** The estimate of every entry of x, of the shape of x. */
    SDVariable of(SDVariable x) {
        return switch (this) {
            case K1 -> x.getSameDiff().math().neg(x);
            case K2 -> x.mul(x).mul(0.5);
            case K3 -> x.getSameDiff().math().exp(x).sub(x).sub(1.0);
        };
    }
}
