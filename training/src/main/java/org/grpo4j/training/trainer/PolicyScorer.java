package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Arena;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** What a policy as it is now says of given completions, without gradients; the same micro-batches as training. */
final class PolicyScorer implements AutoCloseable {
    private final DecoderModel model;
    private final Replicas replicas;
    private final double temperature;
    private final boolean withEntropies;
    private final @Nullable ValueHead head;
    private final List<Map<Shape, Compiled>> plans = new ArrayList<>();
    private final List<Arena> arenas = new ArrayList<>();

    /** @param withEntropies whether entropies are computed too */
    PolicyScorer(DecoderModel model, Replicas replicas, double temperature, boolean withEntropies) {
        this(model, replicas, temperature, withEntropies, null);
    }

    /**
     * The same with the values of a critic.
     *
     * @param head of the model, not owned; null for none
     */
    PolicyScorer(
            DecoderModel model,
            Replicas replicas,
            double temperature,
            boolean withEntropies,
            @Nullable ValueHead head) {
        this.head = head;
        this.model = model;
        this.replicas = replicas;
        this.temperature = temperature;
        this.withEntropies = withEntropies;
        for (int i = 0; i < replicas.count(); i++) {
            plans.add(new LinkedHashMap<>());
            arenas.add(new Arena());
        }
    }

    private record Described(Plan.Builder plan, List<String> outputs) {}

    private record Compiled(Plan plan, List<String> outputs) {}

    /**
     * Scores of one micro-batch, each {@code [rows · completionTime]} in row order.
     *
     * @param logProbs of the completion tokens
     * @param entropies at the same places; empty if not asked for
     * @param values at the same places; empty without a critic
     */
    record Scores(float[] logProbs, float[] entropies, float[] values) {}

    /** Scores of every micro-batch. */
    List<Scores> score(List<TokenExample> examples, List<MicroBatch> batches) {
        Scores[] results = new Scores[batches.size()];
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
            List<float[]> grids = compiled.outputs.stream()
                    .map(name -> Grid.read(compiled.plan.output(name)))
                    .toList();
            results[index] = new Scores(
                    grids.get(0),
                    withEntropies ? grids.get(1) : new float[0],
                    head == null ? new float[0] : grids.get(grids.size() - 1));
        });
        return List.of(results);
    }

    private Compiled compile(Shape shape, Arena arena) {
        Described described = describe(model, shape, temperature, withEntropies, head);
        return new Compiled(described.plan.compile(arena), described.outputs);
    }

    private static Described describe(
            DecoderModel model, Shape shape, double temperature, boolean withEntropies, @Nullable ValueHead head) {
        SameDiff graph = Graphs.create();
        PolicyGraph policy = PolicyGraph.add(graph, model, shape, temperature, withEntropies);
        List<String> outputs = new ArrayList<>(List.of(policy.logProbs().name()));
        SDVariable entropies = policy.entropies();
        if (entropies != null) {
            outputs.add(entropies.name());
        }
        if (head != null) {
            outputs.add(head.add(policy.states(), shape.rows(), shape.completionTime())
                    .name());
        }
        return new Described(Plan.of(graph).outputs(outputs), outputs);
    }

    /** Bytes of a plan's results for micro-batches of a shape. */
    static long measure(DecoderModel model, Shape shape, boolean withEntropies) {
        return describe(model, shape, 1, withEntropies, null).plan.measure().arenaBytes();
    }

    @Override
    public void close() {
        arenas.forEach(Arena::close);
    }
}
