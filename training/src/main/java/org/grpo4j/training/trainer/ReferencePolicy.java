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
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.nd4j.autodiff.samediff.SameDiff;

/** A frozen copy of a policy, which the KL term holds the trained one close to. */
final class ReferencePolicy implements AutoCloseable {
    private final DecoderConfig config;
    private final ParameterStore frozen;
    private final Replicas replicas;
    private final double temperature;
    private final List<Map<Shape, Compiled>> plans = new ArrayList<>();
    private final List<Arena> arenas = new ArrayList<>();

    /** Copies the parameters as they are now. */
    ReferencePolicy(DecoderConfig config, ParameterStore parameters, Replicas replicas, double temperature) {
        this.config = config;
        this.frozen = parameters.copy();
        this.replicas = replicas;
        this.temperature = temperature;
        for (int i = 0; i < replicas.count(); i++) {
            plans.add(new LinkedHashMap<>());
            arenas.add(new Arena());
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
        PolicyGraph policy = PolicyGraph.add(graph, config, frozen, shape, temperature, false);
        String name = policy.logProbs().name();
        return new Compiled(Plan.of(graph).outputs(List.of(name)).compile(arena), name);
    }

    /** Bytes of a plan's results for micro-batches of a shape. */
    static long measure(Policy policy, Shape shape) {
        SameDiff graph = Graphs.create();
        PolicyGraph added = PolicyGraph.add(graph, policy.config(), policy.parameters(), shape, 1, false);
        return Plan.of(graph)
                .outputs(List.of(added.logProbs().name()))
                .measure()
                .arenaBytes();
    }

    @Override
    public void close() {
        arenas.forEach(Arena::close);
        frozen.close();
    }
}
