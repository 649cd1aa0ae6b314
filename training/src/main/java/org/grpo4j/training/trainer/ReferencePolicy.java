package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Arena;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The policy that the KL term holds the trained one close to. What never trains is shared with the trained policy; only
 * what trains is copied, and with an adapter that is switched off nothing is.
 */
final class ReferencePolicy implements AutoCloseable {
    private final DecoderModel model;
    /** Copies of the parameters that train in the policy; null if the reference has none of its own. */
    private final @Nullable ParameterStore own;

    private final Replicas replicas;
    private final double temperature;
    private final List<Map<Shape, Compiled>> plans = new ArrayList<>();
    private final List<Arena> arenas = new ArrayList<>();

    private ReferencePolicy(DecoderModel model, @Nullable ParameterStore own, Replicas replicas, double temperature) {
        this.model = model;
        this.own = own;
        this.replicas = replicas;
        this.temperature = temperature;
        for (int i = 0; i < replicas.count(); i++) {
            plans.add(new LinkedHashMap<>());
            arenas.add(new Arena());
        }
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

    private record Compiled(Plan plan, String logProbs) {}

    /** Log-probabilities of every micro-batch, each {@code [rows · completionTime]} in row order. */
    List<float[]> logProbs(List<TokenExample> examples, List<MicroBatch> batches) {
        float[][] results = new float[batches.size()][];
        replicas.run(batches.size(), (replica, index) -> {
            MicroBatch batch = batches.get(index);
            Compiled compiled = plans.get(replica)
                    .compute(
                            batch.shape(),
                            (shape, known) -> known == null || known.plan.isClosed()
                                    ? compile(shape, arenas.get(replica))
                                    : known);
            PolicyGraph.fill(compiled.plan, batch, examples);
            compiled.plan.run();
            results[index] = Grid.read(compiled.plan.output(compiled.logProbs));
        });
        return List.of(results);
    }

    private Compiled compile(Shape shape, Arena arena) {
        SameDiff graph = Graphs.create();
        PolicyGraph policy = PolicyGraph.add(graph, model, shape, temperature, false);
        String name = policy.logProbs().name();
        return new Compiled(Plan.of(graph).outputs(List.of(name)).compile(arena), name);
    }

    /** Bytes of a plan's results for micro-batches of a shape. */
    static long measure(Policy policy, Shape shape) {
        SameDiff graph = Graphs.create();
        PolicyGraph added = PolicyGraph.add(graph, policy.model(), shape, 1, false);
        return Plan.of(graph)
                .outputs(List.of(added.logProbs().name()))
                .measure()
                .arenaBytes();
    }

    @Override
    public void close() {
        arenas.forEach(Arena::close);
        if (own != null) {
            own.close();
        }
    }
}
