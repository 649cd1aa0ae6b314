package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose length the gradient of the batch is given, its direction kept. */
public enum GradientMatch {
    /** Its own. */
    @JsonProperty("none")
    NONE,
    /** That of the same objective without trace on the same batch, so that λ does not act as a learning rate. */
    @JsonProperty("grpo")
    GRPO
}
