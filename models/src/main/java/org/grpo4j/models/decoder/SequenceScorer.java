package org.grpo4j.models.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Arena;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.config.DecoderConfig;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Log-probabilities and logits of given sequences. Sequences run one at a time in plans whose length is the next of a
 * few bucket sizes, so a handful of plans serves every length. One thread at a time.
 */
public final class SequenceScorer implements AutoCloseable {
    private static final int KEPT_PLANS = 8;

    private final DecoderModel model;
    private final DecoderConfig config;
    private final Arena arena = new Arena();
    private final Map<Key, Compiled> plans = new LinkedHashMap<>(16, 0.75f, true);

    public SequenceScorer(DecoderModel model) {
        this.model = model;
        this.config = model.config();
    }

    /**
     * Scores of one sequence.
     *
     * @param logProbs {@code [length]}: entry t is log p(ids[t] given ids[0..t−1]); entry 0 is NaN
     * @param logits {@code [length][vocabulary]}, or only its last row, or empty if not asked for
     */
    public record Scores(double[] logProbs, double[][] logits) {}

    /** Which logits to return beside the log-probabilities. */
    public enum Logits {
        NONE,
        LAST,
        ALL
    }

    /**
     * Scores a sequence.
     *
     * @param ids at least one id, all in the vocabulary
     */
    public Scores score(int[] ids, Logits wanted) {
        TokenRows.requireInVocabulary(ids, config.vocabularySize(), "sequence");
        Compiled compiled = planFor(new Key(Buckets.of(ids.length), wanted != Logits.NONE));
        compiled.run(ids);
        double[] logProbs = new double[ids.length];
        logProbs[0] = Double.NaN;
        INDArray scored = compiled.plan.output(compiled.logProbs);
        for (int t = 1; t < ids.length; t++) {
            logProbs[t] = scored.getDouble(t - 1);
        }
        return new Scores(logProbs, logits(compiled, ids.length, wanted));
    }

    private static double[][] logits(Compiled compiled, int length, Logits wanted) {
        if (compiled.logits == null) {
            return new double[0][];
        }
        INDArray all = compiled.plan.output(compiled.logits);
        int first = wanted == Logits.LAST ? length - 1 : 0;
        List<double[]> logits = new ArrayList<>();
        for (int t = first; t < length; t++) {
            logits.add(all.getRow(t).toDoubleVector());
        }
        return logits.toArray(double[][]::new);
    }

    @Override
    public void close() {
        arena.close();
        plans.clear();
    }

    /** Plans that need not return logits never hold all of them. */
    private record Key(int time, boolean withLogits) {}

    private Compiled planFor(Key key) {
        Compiled compiled = plans.get(key);
        if (compiled == null || compiled.plan.isClosed()) {
            compiled = compile(key);
            plans.put(key, compiled);
            if (plans.size() > KEPT_PLANS) {
                Key oldest = plans.keySet().iterator().next();
                Compiled dropped = plans.remove(oldest);
                if (dropped != null) {
                    dropped.plan.close();
                }
            }
        }
        return compiled;
    }

    private Compiled compile(Key key) {
        int time = key.time;
        SameDiff graph = Graphs.create();
        SequenceGraph sequence = SequenceGraph.add(graph, model, new SequenceShape(1, time));
        SDVariable targets = graph.placeHolder("targets", DataType.INT32, time);
        if (key.withLogits) {
            SDVariable logits = sequence.decoder().logits(sequence.hidden());
            String logProbs = Ops.tokenLogProbs(logits, targets).name();
            Plan plan = Plan.of(graph).outputs(List.of(logProbs, logits.name())).compile(arena);
            return new Compiled(plan, logProbs, logits.name(), time);
        }
        LanguageModelHead head = LanguageModelHead.of(time, config.width(), config.vocabularySize(), 1, false);
        String logProbs = head.score(sequence.hidden(), sequence.decoder().headWeight(), targets)
                .logProbs()
                .name();
        return new Compiled(Plan.of(graph).outputs(List.of(logProbs)).compile(arena), logProbs, null, time);
    }

    private record Compiled(
            Plan plan, String logProbs, @Nullable String logits, int time) {
        void run(int[] ids) {
            TokenRows.fill(plan.input(SequenceGraph.IDS), List.of(ids), time);
            TokenRows.fill(plan.input("targets"), List.of(Arrays.copyOfRange(ids, 1, ids.length)), time);
            plan.run();
        }
    }
}
