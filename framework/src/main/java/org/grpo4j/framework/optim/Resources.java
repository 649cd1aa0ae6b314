package org.grpo4j.framework.optim;

import org.nd4j.linalg.api.ops.OpContext;

/** Closing of what declares checked exceptions it never throws. */
final class Resources {

    private Resources() {}

    static void close(OpContext context) {
        try {
            context.close();
        } catch (Exception e) {
            throw new IllegalStateException("An op context could not be closed", e);
        }
    }
}
