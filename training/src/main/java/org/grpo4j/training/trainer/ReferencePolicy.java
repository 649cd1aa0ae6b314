package org.grpo4j.training.trainer;

import java.util.List;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.lora.LoraAdapter;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The policy that the KL term holds the trained one close to. What never trains is shared with the trained policy; only
 * what trains is copied, and with an adapter that is switched off nothing is.
 */
final class ReferencePolicy implements AutoCloseable {
    /** Copies of the parameters that train in the policy; null if the reference has none of its own. */
    private final @Nullable ParameterStore own;

    private final PolicyScorer scorer;

    private ReferencePolicy(DecoderModel model, @Nullable ParameterStore own, Replicas replicas, double temperature) {
        this.own = own;
        this.scorer = new PolicyScorer(model, replicas, temperature, false);
    }

    /** The base model of a policy that trains an adapter; takes no memory for parameters. */
    static ReferencePolicy base(DecoderModel policy, Replicas replicas, double temperature) {
        return new ReferencePolicy(policy.base(), null, replicas, temperature);
    }

    /** The policy as it is now. */
    static ReferencePolicy copyOf(Trainable policy, Replicas replicas, double temperature) {
        DecoderModel model = policy.model();
        ParameterStore copies = policy.parameters().copy();
        LoraAdapter adapter = model.adapter();
        DecoderModel frozen = adapter == null
                ? new DecoderModel(model.config(), model.parameters().with(copies), null)
                : new DecoderModel(
                        model.config(), model.parameters(), new LoraAdapter(adapter.config(), copies, adapter.base()));
        return new ReferencePolicy(frozen, copies, replicas, temperature);
    }

    /** The copied parameters, to be saved with the state of a run; null if there are none. */
    @Nullable
    ParameterStore own() {
        return own;
    }

    /**
     * Moves the reference towards the policy: {@code reference ← mixing · policy + (1 − mixing) · reference}, every
     * parameter by itself.
     *
     * @param mixing above 0; 1 makes the reference equal to the policy
     */
    void follow(ParameterStore policy, double mixing) {
        ParameterStore copies = own;
        if (copies == null) {
            throw new IllegalStateException("a reference without parameters of its own cannot follow the policy");
        }
        if (mixing == 1) {
            copies.copyFrom(policy);
            return;
        }
        for (String name : copies.names()) {
            try (INDArray share = policy.get(name).mul(mixing)) {
                copies.get(name).muli(1 - mixing).addi(share);
            }
        }
    }

    /** Log-probabilities of every micro-batch, each {@code [rows · completionTime]} in row order. */
    List<float[]> logProbs(List<TokenExample> examples, List<MicroBatch> batches) {
        return scorer.score(examples, batches).stream()
                .map(PolicyScorer.Scores::logProbs)
                .toList();
    }

    @Override
    public void close() {
        scorer.close();
        if (own != null) {
            own.close();
        }
    }
}
