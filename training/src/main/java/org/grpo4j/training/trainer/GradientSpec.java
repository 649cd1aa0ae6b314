package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.OrderedSums;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Which gradients to compute, whatever the shape of the micro-batches.
 *
 * @param trainable the policy, and what of it to differentiate in
 * @param temperature that the completions are sampled at
 * @param withEntropies whether the loss asks for entropies
 * @param checkpointing whether layers are computed again for the backward pass
 * @param losses adds the loss to the policy's graph
 */
record GradientSpec(
        Trainable trainable, double temperature, boolean withEntropies, boolean checkpointing, LossBuilder losses) {

    /** Adds a loss to the graph of a policy. */
    @FunctionalInterface
    interface LossBuilder {
        Loss build(SameDiff graph, PolicyGraph policy);
    }

    /**
     * A loss in a graph.
     *
     * @param loss the micro-batch's share of the scalar to minimise
     * @param outputs names of further variables to compute
     * @param gradients names of further variables whose gradient is an output, each with the name of that
     */
    record Loss(SDVariable loss, List<String> outputs, Map<String, String> gradients) {}

    /**
     * A plan, not yet compiled, that adds the gradients of all parameters to their sums.
     *
     * @param plan with the loss and its further outputs
     * @param loss name of the loss
     */
    record Described(Plan.Builder plan, String loss) {}

    /** Whether the plans take noise for dropout. */
    boolean drops() {
        LoraAdapter adapter = trainable.model().adapter();
        return adapter != null && adapter.config().dropout() > 0;
    }

    Described describe(Shape shape, OrderedSums sums) {
        SameDiff graph = Graphs.create();
        PolicyGraph policy = PolicyGraph.trained(graph, trainable.model(), shape, temperature, withEntropies);
        Loss loss = losses.build(graph, policy);
        List<SDVariable> wanted =
                new ArrayList<>(policy.parameters(trainable.parameters().names()));
        loss.gradients.keySet().forEach(name -> wanted.add(graph.getVariable(name)));
        List<String> outputs = new ArrayList<>(loss.outputs);
        outputs.add(loss.loss.name());
        Map<String, String> sumOf = new LinkedHashMap<>();
        Gradients.of(loss.loss, wanted).forEach((variable, gradient) -> {
            String output = loss.gradients.get(variable);
            if (output == null) {
                sumOf.put(gradient.name(), variable);
            } else {
                outputs.add(gradient.rename(output).name());
            }
        });
        Plan.Builder plan = Plan.of(graph)
                .outputs(outputs)
                .sums(sums, sumOf)
                .recomputeBetween(checkpointing ? policy.layerBoundaries() : List.of());
        return new Described(plan, loss.loss.name());
    }

    /** Bytes that the activations of a micro-batch take, found out without taking them. */
    long activationBytes(Shape shape) {
        // The plan is only laid out, so nothing is added to these sums.
        return describe(shape, new OrderedSums(trainable.parameters()))
                .plan
                .measure()
                .arenaBytes();
    }
}
