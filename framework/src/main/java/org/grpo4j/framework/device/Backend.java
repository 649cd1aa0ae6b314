package org.grpo4j.framework.device;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ND4J backend and what became of it.
 *
 * @param name such as {@code CPU} or {@code CUDA 11.6}
 * @param active whether tensors live there in this process
 * @param problem why it cannot be used, with the way out; null if it can
 * @param facts what it runs on and what it supports, one sentence each
 */
public record Backend(String name, boolean active, @Nullable String problem, List<String> facts) {
    public Backend {
        facts = List.copyOf(facts);
    }
}
