package org.grpo4j.training.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.kernel.PackedWeights;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.Buckets;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.trainer.MicroBatch.Shape;

/**
 * What a run will need beside what the process uses already, found out before any of it is taken: plans of the largest
 * shape are laid out without their memory.
 *
 * @param resident bytes the process uses now, the parameters of the policy among them
 * @param parts bytes to come, by what for
 * @param limit bytes the process may use; 0 if there is no limit
 */
public record MemoryEstimate(long resident, Map<String, Long> parts, long limit) {
    private static final double GIB = 1L << 30;

    /** Of a reinforcement run whose longest prompt has {@code longestPrompt} tokens. */
    public static MemoryEstimate of(TrainConfig config, Policy policy, int replicas, int longestPrompt) {
        RolloutSection rollout = config.rollout();
        int completions = rollout.groupSize() * rollout.promptsPerStep();
        int longest =
                Math.min(longestPrompt + rollout.maxNewTokens(), policy.config().maxPositionEmbeddings());
        int completion = Math.min(rollout.maxNewTokens(), longest);
        MicroBatching batching = MicroBatching.of(config.training());
        Shape shape = MicroBatch.largest(completions, longest, completion, batching.maxTokens(), replicas);
        Trainable trainable = policy.trainable(config.tuning());
        Map<String, Long> parts = training(trainable);
        GradientSpec spec =
                PolicyUpdate.spec(trainable, config.objective(), null, null, rollout.temperature(), batching);
        parts.put("activations", replicas * spec.activationBytes(shape));
        if (PolicyUpdate.hasReference(config.objective())) {
            long copies = References.isBase(config, trainable)
                    ? 0
                    : trainable.parameters().bytes();
            parts.put("reference", copies + replicas * PolicyScorer.measure(policy.model(), shape, false));
        }
        if (config.objective().needsFirstPass()) {
            parts.put("first pass", replicas * PolicyScorer.measure(policy.model(), shape, true));
        }
        if (rollout.packWeights() && PackedWeights.isAvailable()) {
            parts.put("packed weights", wideBytes(policy.parameters()));
        }
        int rows = Math.min(completions, replicas * Rollouts.DEFAULT_ROWS);
        parts.put("KV cache", cacheBytes(policy.config(), rows, Buckets.of(longest)));
        return new MemoryEstimate(Pointer.physicalBytes(), parts, Pointer.maxPhysicalBytes());
    }

    /** Of a supervised run. */
    public static MemoryEstimate of(SftConfig config, Policy policy, int replicas, List<TokenExample> demonstrations) {
        int longest =
                demonstrations.stream().mapToInt(TokenExample::length).max().orElse(1);
        int completion = demonstrations.stream()
                .mapToInt(e -> e.completion().length)
                .max()
                .orElse(1);
        MicroBatching batching = MicroBatching.of(config.training());
        Shape shape =
                MicroBatch.largest(config.training().batchSize(), longest, completion, batching.maxTokens(), replicas);
        Trainable trainable = policy.trainable(config.tuning());
        Map<String, Long> parts = training(trainable);
        GradientSpec spec = SupervisedUpdate.spec(trainable, batching);
        parts.put("activations", replicas * spec.activationBytes(shape));
        return new MemoryEstimate(Pointer.physicalBytes(), parts, Pointer.maxPhysicalBytes());
    }

    /** Narrow weights have no second copy. */
    private static long wideBytes(ParameterStore parameters) {
        return parameters.names().stream()
                .filter(name -> !parameters.isNarrow(name))
                .mapToLong(name ->
                        parameters.get(name).length() * parameters.dataType().width())
                .sum();
    }

    private static Map<String, Long> training(Trainable trainable) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("gradients", trainable.parameters().bytes());
        // AdamW keeps a mean and a mean square of every gradient.
        parts.put("optimiser", 2 * trainable.parameters().bytes());
        return parts;
    }

    private static long cacheBytes(DecoderConfig config, long rows, long capacity) {
        return 2L * config.layers() * rows * config.kvHeads() * capacity * config.headDim() * Float.BYTES;
    }

    /** Everything, in bytes. */
    public long total() {
        return resident + parts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** One line with every part. */
    public String line() {
        String sum = parts.entrySet().stream()
                .map(part -> part.getKey() + " " + gib(part.getValue()))
                .collect(Collectors.joining(", "));
        return gib(total()) + (limit > 0 ? " of " + gib(limit) : "") + ": in use now " + gib(resident) + ", " + sum;
    }

    /** @throws InputException if the run cannot fit, with the numbers and what to lower */
    public void requireFits() {
        if (limit > 0 && total() > limit) {
            throw new InputException(
                    "the run needs about " + line()
                            + "; lower training.micro_batch_tokens or rollout.max_new_tokens, set"
                            + " training.activation_checkpointing: true or rollout.pack_weights: false, train an adapter"
                            + " (tuning.lora) over weights in bfloat16 (model.weights_dtype), or take a smaller model or a larger machine");
        }
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, bytes < 0.095 * GIB ? "%.3f GiB" : "%.1f GiB", bytes / GIB);
    }
}
