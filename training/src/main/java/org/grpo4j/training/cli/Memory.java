package org.grpo4j.training.cli;

import java.util.List;

/** Failures for lack of memory, which come in several shapes, and what to do about them. */
final class Memory {
    /** What native code says when an allocation fails and no OutOfMemoryError is thrown. */
    private static final List<String> NATIVE = List.of("bad_alloc", "Failed to allocate", "failed to allocate");

    /** More causes than any chain of wrappers has; chains can be circular. */
    private static final int DEEPEST = 20;

    private Memory() {}

    /** Whether some cause of a failure is that memory ran out. */
    static boolean isShort(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (says(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean says(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof OutOfMemoryError
                || (cause instanceof RuntimeException && NATIVE.stream().anyMatch(message::contains));
    }

    /** What to lower or to raise: the heap holds data and texts, native memory everything that is computed with. */
    static String sentence(Throwable thrown) {
        Throwable cause = thrown;
        while (!says(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("heap space") || message.contains("GC overhead")) {
            return "out of memory (" + message
                    + "): Java's heap, which holds data and texts, is full; use less data at a time (data.limit) or raise"
                    + " it with GRPO4J_JAVA_OPTS=-Xmx…";
        }
        return "out of native memory (" + message
                + "): lower training.micro_batch_tokens, training.replicas, rollout.max_new_tokens or"
                + " rollout.group_size, set training.activation_checkpointing: true or rollout.pack_weights: false, train"
                + " an adapter (tuning.lora) or use weights in bfloat16; or give more with"
                + " GRPO4J_JAVA_OPTS=-Dorg.bytedeco.javacpp.maxbytes=… (arrays) and"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=… (the process). A run goes on from its last checkpoint with"
                + " --resume";
    }
}
