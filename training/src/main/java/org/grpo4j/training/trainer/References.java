package org.grpo4j.training.trainer;

import org.grpo4j.framework.InputException;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.ReferenceSection;
import org.grpo4j.training.config.ReferenceSection.Start;
import org.grpo4j.training.config.TrainConfig;
import org.jspecify.annotations.Nullable;

/** Which reference policy a configuration asks for. */
final class References {

    private References() {}

    /** The reference of a run; null if its objective has no use for one. The caller closes it. */
    static @Nullable ReferencePolicy of(TrainConfig config, Trainable policy, Replicas replicas) {
        if (!PolicyUpdate.hasReference(config.objective())) {
            return null;
        }
        double temperature = config.rollout().temperature();
        return isBase(config, policy)
                ? ReferencePolicy.base(policy.model(), replicas, temperature)
                : ReferencePolicy.copyOf(policy, replicas, temperature);
    }

    /**
     * Whether the reference is the policy without its adapter, which needs no parameters of its own.
     *
     * @throws InputException if it shall be, and the policy trains no adapter
     */
    static boolean isBase(TrainConfig config, Trainable policy) {
        ReferenceSection section = config.reference();
        boolean adapterTrains = policy.model().adapter() != null;
        if (section.policy() == Start.BASE && !adapterTrains) {
            throw new InputException(
                    "reference.policy is base, which is the model without the adapter that trains, but no"
                            + " adapter trains; set tuning.lora, or reference.policy: start.");
        }
        return section.policy() == Start.BASE
                || (section.policy() == Start.AUTO && adapterTrains && section.syncEvery() == 0);
    }
}
