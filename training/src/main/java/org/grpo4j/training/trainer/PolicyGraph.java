package org.grpo4j.training.trainer;

import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.LanguageModelHead.Scores;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.SequenceGraph;
import org.grpo4j.models.decoder.SequenceShape;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A policy's log-probabilities of given completions, in a graph. The head runs on completion tokens only, so prompts
 * cost no logits, and in chunks, so that the logits of all tokens are never held.
 *
 * @param shape of the micro-batches
 * @param logProbs {@code [rows, completionTime]}; column 0 is each row's first completion token
 * @param entropies of the distributions the tokens were drawn from, the same shape; null if not asked for
 * @param parameters the trainable variables by name
 * @param layerBoundaries see {@link org.grpo4j.models.decoder.DecoderGraph#layerBoundaries}
 */
record PolicyGraph(
        Shape shape,
        SDVariable logProbs,
        @Nullable SDVariable entropies,
        Map<String, SDVariable> parameters,
        List<String> layerBoundaries) {
    /** Placeholder {@code [rows · completionTime]} INT32: the row of hidden states that predicts a completion token. */
    private static final String PREDICTORS = "predictors";
    /** Placeholder {@code [rows · completionTime]} INT32: the completion tokens. */
    private static final String TARGETS = "targets";

    /**
     * Adds a policy to a graph.
     *
     * @param temperature that the completions are sampled at: the policy is the softmax of logits / temperature
     */
    static PolicyGraph add(
            SameDiff graph,
            DecoderConfig config,
            ParameterStore parameters,
            Shape shape,
            double temperature,
            boolean withEntropies) {
        int rows = shape.rows();
        int time = shape.completionTime();
        SequenceGraph sequence = SequenceGraph.add(graph, config, parameters, new SequenceShape(rows, shape.time()));
        SDVariable predictors = graph.placeHolder(PREDICTORS, DataType.INT32, (long) rows * time);
        SDVariable targets = graph.placeHolder(TARGETS, DataType.INT32, (long) rows * time);
        SDVariable selected =
                Ops.embedding(sequence.hidden(), predictors, sequence.shape().tokens());
        LanguageModelHead head =
                LanguageModelHead.of(rows * time, config.width(), config.vocabularySize(), temperature, withEntropies);
        Scores scores = head.score(selected, sequence.decoder().headWeight(), targets);
        SDVariable logProbs = scores.logProbs().reshape(rows, time);
        SDVariable entropies =
                scores.entropies() == null ? null : scores.entropies().reshape(rows, time);
        return new PolicyGraph(
                shape,
                logProbs,
                entropies,
                sequence.decoder().variables(),
                sequence.decoder().layerBoundaries());
    }

    /** Writes the tokens of a micro-batch into a plan of this graph. */
    static void fill(Plan plan, MicroBatch batch, List<TokenExample> examples) {
        Shape shape = batch.shape();
        int[] ids = new int[shape.rows() * shape.time()];
        int[] predictors = new int[shape.rows() * shape.completionTime()];
        int[] targets = new int[predictors.length];
        for (int row = 0; row < batch.examples().length; row++) {
            TokenExample example = examples.get(batch.examples()[row]);
            int[] prompt = example.prompt();
            int[] completion = example.completion();
            int start = row * shape.time();
            System.arraycopy(prompt, 0, ids, start, prompt.length);
            System.arraycopy(completion, 0, ids, start + prompt.length, completion.length);
            for (int t = 0; t < completion.length; t++) {
                int at = row * shape.completionTime() + t;
                predictors[at] = start + prompt.length + t - 1;
                targets[at] = completion[t];
            }
        }
        plan.input(SequenceGraph.IDS).data().setData(ids);
        plan.input(PREDICTORS).data().setData(predictors);
        plan.input(TARGETS).data().setData(targets);
    }
}
