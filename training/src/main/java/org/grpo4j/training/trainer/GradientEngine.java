package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.plan.Arena;
import org.grpo4j.framework.plan.OrderedSums;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.AdapterDropout;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.trainer.MicroBatch.Shape;

/**
 * Gradients of a loss over a batch of examples: splits it into micro-batches, runs them on replicas of compiled plans and
 * sums in a fixed order. The same batch, replica count and parameters give the same bits.
 */
final class GradientEngine implements AutoCloseable {
    /** Plans kept a replica; the least recently used one goes first. Their results share memory, so they are small. */
    private static final int KEPT_PLANS = 32;

    private final GradientSpec spec;
    private final Replicas replicas;
    private final List<ReplicaState> states = new ArrayList<>();
    private final OrderedSums sums;
    private PhaseProgress progress = new PhaseProgress();

    /** What the caller does around one run of a micro-batch, on the replica's thread. */
    interface MicroBatchHandler {
        /** Fills the placeholders of the loss. */
        void fill(Plan plan, int index, MicroBatch batch);

        /** Reads outputs of the run. */
        void read(Plan plan, int index, MicroBatch batch, double loss);
    }

    GradientEngine(GradientSpec spec, Replicas replicas) {
        this.spec = spec;
        this.replicas = replicas;
        this.sums = new OrderedSums(spec.parameters().zerosLike());
        for (int i = 0; i < replicas.count(); i++) {
            states.add(new ReplicaState());
        }
    }

    GradientSpec spec() {
        return spec;
    }

    /** From now on the micro-batches of every run are counted here. */
    void watch(PhaseProgress phases) {
        progress = phases;
    }

    /** The gradients of the last {@link #run}; optimiser and clip work on these arrays. */
    ParameterStore gradients() {
        return sums.sums();
    }

    /**
     * Computes the gradients of the sum of all micro-batch losses.
     *
     * @param noise seed of this pass's dropout
     */
    void run(List<TokenExample> examples, List<MicroBatch> batches, long noise, MicroBatchHandler handler) {
        sums.begin(batches.size(), replicas.count());
        progress.expect(batches.size());
        try {
            replicas.run(batches.size(), (replica, index) -> {
                try {
                    run(states.get(replica), examples, batches.get(index), index, noise, handler);
                    progress.advance();
                } catch (RuntimeException | Error e) {
                    sums.abort(e);
                    throw e;
                }
            });
        } catch (RuntimeException e) {
            // Replicas that waited for the one that failed have failed after it; the first failure is the cause.
            throw sums.failure() instanceof RuntimeException first ? first : e;
        }
    }

    private void run(
            ReplicaState state,
            List<TokenExample> examples,
            MicroBatch batch,
            int index,
            long noise,
            MicroBatchHandler handler) {
        Compiled compiled = state.planFor(batch.shape());
        PolicyGraph.fill(compiled.plan, batch, examples);
        if (spec.drops()) {
            AdapterDropout.fill(compiled.plan.input(AdapterDropout.NOISE), Seeds.derive(noise, index));
        }
        handler.fill(compiled.plan, index, batch);
        compiled.plan.run(index);
        double loss = compiled.plan.output(compiled.loss).getDouble(0);
        handler.read(compiled.plan, index, batch, loss);
    }

    @Override
    public void close() {
        states.forEach(ReplicaState::close);
        sums.sums().close();
    }

    private record Compiled(Plan plan, String loss) {}

    /** Plans of one replica, used by its thread only. */
    private final class ReplicaState implements AutoCloseable {
        final Arena arena = new Arena();
        final Map<Shape, Compiled> plans = new LinkedHashMap<>(16, 0.75f, true);

        Compiled planFor(Shape shape) {
            Compiled compiled = plans.get(shape);
            if (compiled == null || compiled.plan.isClosed()) {
                compiled = compile(shape);
                plans.put(shape, compiled);
                dropOldest();
            }
            return compiled;
        }

        private void dropOldest() {
            Iterator<Compiled> oldest = plans.values().iterator();
            while (plans.size() > KEPT_PLANS) {
                oldest.next().plan.close();
                oldest.remove();
            }
        }

        private Compiled compile(Shape shape) {
            GradientSpec.Described described = spec.describe(shape, sums);
            return new Compiled(described.plan().compile(arena), described.loss());
        }

        @Override
        public void close() {
            arena.close();
            plans.clear();
        }
    }
}
