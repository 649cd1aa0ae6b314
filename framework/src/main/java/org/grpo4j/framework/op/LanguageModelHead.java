package org.grpo4j.framework.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Log-probabilities of tokens, and entropies, under {@code softmax(hidden · weightᵀ / temperature)} without the logits of
 * all rows in memory: rows go through in chunks, forward and backward. Inputs: hidden {@code [rows, width]}, weight
 * {@code [vocabulary, width]} as Hugging Face stores it, targets {@code [rows]} (integers). Outputs: log-probabilities
 * {@code [rows]} in nats; the entropies {@code [rows]} in nats if asked for; and two that only the gradient reads, the
 * log-normalisers {@code [rows]} and the logits of the first chunk {@code [chunkRows, vocabulary]}.
 *
 * <p>Memory: the gradient computes the logits again, chunk by chunk, except those of the first chunk, which are kept. So
 * a head of one chunk (a small vocabulary, or few rows) never multiplies twice, and the most that exists at any time is
 * a few matrices {@code [chunkRows, vocabulary]} whatever the number of rows: one in the CPU kernels. A weight stored in
 * BFLOAT16 or HALF is frozen, has no gradient, and is widened part by part in those kernels.
 *
 * <p>The gradient in the hidden states could also be had from vectors made in the forward pass, {@code weight[target] − Σ
 * p·weight} a row and one more for the entropy, and would then need no logits. That trades one product for another
 * wherever the weight is trained or the entropy is in the loss, and doubles the cost of scoring without a gradient; it
 * would save one product of three only for a frozen head without entropy, so it is not done.
 *
 * @param rows number of tokens
 * @param width size of a hidden state
 * @param vocabulary number of tokens to choose from
 * @param temperature divides the logits; above 0
 * @param withEntropies whether the entropies are an output
 * @param chunkRows rows whose logits exist at a time; the last chunk may have fewer
 */
public record LanguageModelHead(
        int rows, int width, int vocabulary, double temperature, boolean withEntropies, int chunkRows)
        implements DifferentiableOp {
    /** Logits of a chunk: 256 MiB in FLOAT. */
    private static final int CHUNK_LOGITS = 1 << 26;
    /** Products with fewer rows are slow: measured at 151,936 × 896, 128 rows reach 85 % and 208 rows 94 % of the rate of 256. */
    private static final int FEWEST_ROWS = 128;
    /** What kernels address with one int. */
    private static final long MOST_LOGITS = 1 << 29;

    public LanguageModelHead {
        if (rows < 1 || width < 1 || vocabulary < 1) {
            throw new IllegalArgumentException("rows, width and vocabulary are " + rows + ", " + width + ", "
                    + vocabulary + "; all must be positive");
        }
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("temperature is " + temperature + "; it must be a positive number");
        }
        if (chunkRows < 1 || chunkRows > rows) {
            throw new IllegalArgumentException("chunkRows is " + chunkRows + "; it must be from 1 to rows, " + rows);
        }
        if ((long) chunkRows * vocabulary > MOST_LOGITS) {
            throw new IllegalArgumentException("a chunk of " + chunkRows + " rows has more than " + MOST_LOGITS
                    + " logits at a vocabulary of " + vocabulary + "; give fewer chunkRows");
        }
    }

    /** A head in equal chunks of up to 256 MiB of logits (FLOAT), but at least 128 rows. */
    public static LanguageModelHead of(int rows, int width, int vocabulary, double temperature, boolean withEntropies) {
        int chunkRows = defaultChunkRows(rows, vocabulary);
        return new LanguageModelHead(rows, width, vocabulary, temperature, withEntropies, chunkRows);
    }

    private static int defaultChunkRows(int rows, int vocabulary) {
        int most = Math.max(FEWEST_ROWS, CHUNK_LOGITS / vocabulary);
        int chunks = (rows + most - 1) / most;
        return (rows + chunks - 1) / chunks;
    }

    /**
     * What the head says of each token.
     *
     * @param logProbs {@code [rows]}
     * @param entropies {@code [rows]}, null if not asked for
     */
    public record Scores(SDVariable logProbs, @Nullable SDVariable entropies) {}

    /** Adds the head to the graph of its inputs. */
    public Scores score(SDVariable hidden, SDVariable weight, SDVariable targets) {
        List<SDVariable> outputs = applyAll(hidden, weight, targets);
        return new Scores(outputs.get(0), withEntropies ? outputs.get(1) : null);
    }

    /** Number of chunks. */
    public int chunks() {
        return (rows + chunkRows - 1) / chunkRows;
    }

    /** Index of a chunk's first row. */
    public int firstRow(int chunk) {
        return chunk * chunkRows;
    }

    /** Number of a chunk's rows. */
    public int rowsOf(int chunk) {
        return Math.min(chunkRows, rows - firstRow(chunk));
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable weight = NarrowWeights.widened(inputs.get(1), inputs.get(0).dataType());
        SDVariable[] logProbs = new SDVariable[chunks()];
        SDVariable[] entropies = new SDVariable[chunks()];
        SDVariable[] logNormalisers = new SDVariable[chunks()];
        SDVariable[] logits = new SDVariable[chunks()];
        // The first chunk comes last, so that its logits, which are kept, are not held while the others are computed.
        for (int chunk = chunks() - 1; chunk >= 0; chunk--) {
            logits[chunk] = logits(graph, states(inputs.get(0), chunk), weight);
            SDVariable max = graph.max(logits[chunk], true, 1);
            SDVariable shifted = logits[chunk].sub(max);
            SDVariable exponentials = graph.math().exp(shifted);
            SDVariable sum = graph.sum(exponentials, 1);
            SDVariable logSum = graph.math().log(sum);
            SDVariable mean = graph.sum(exponentials.mul(shifted), 1).div(sum);
            entropies[chunk] = logSum.sub(mean);
            logNormalisers[chunk] = logSum.add(graph.squeeze(max, 1));
            logProbs[chunk] = new TokenLogProbs().apply(shifted, entries(inputs.get(2), chunk));
        }
        List<SDVariable> outputs = new ArrayList<>();
        outputs.add(joined(graph, logProbs));
        if (withEntropies) {
            outputs.add(joined(graph, entropies));
        }
        outputs.add(joined(graph, logNormalisers));
        outputs.add(logits[0]);
        return outputs;
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        List<SDVariable> outputs = call.outputs();
        if (call.upstream().subList(outputs.size() - 2, outputs.size()).stream().anyMatch(Objects::nonNull)) {
            throw new IllegalArgumentException("a loss may depend on log-probabilities and entropies of a head only,"
                    + " not on its log-normalisers or kept logits");
        }
        NarrowWeights.requireFrozen(call, 1);
        List<SDVariable> inputs = new ArrayList<>(call.inputs());
        inputs.addAll(outputs.subList(outputs.size() - 2, outputs.size()));
        SDVariable ofLogProbs = call.upstream().get(0);
        SDVariable ofEntropies = withEntropies ? call.upstream().get(1) : null;
        if (ofLogProbs != null) {
            inputs.add(ofLogProbs);
        }
        if (ofEntropies != null) {
            inputs.add(ofEntropies);
            inputs.add(outputs.get(1));
        }
        Gradient gradient = new Gradient(this, ofLogProbs != null, ofEntropies != null, call.wants(0), call.wants(1));
        List<SDVariable> results = gradient.applyAll(inputs.toArray(SDVariable[]::new));
        SDVariable hidden = call.wants(0) ? results.get(0) : null;
        SDVariable weight = call.wants(1) ? results.get(gradient.weightOutput()) : null;
        return Arrays.asList(hidden, weight, null);
    }

    private SDVariable logits(SameDiff graph, SDVariable hidden, SDVariable weight) {
        return scaled(graph.mmul(hidden, weight, false, true, false));
    }

    private SDVariable scaled(SDVariable x) {
        return temperature == 1 ? x : x.mul(1 / temperature);
    }

    /** A chunk's rows of {@code [rows, width]}. */
    private SDVariable states(SDVariable x, int chunk) {
        return chunks() == 1 ? x : x.getSameDiff().slice(x, new int[] {firstRow(chunk), 0}, rowsOf(chunk), width);
    }

    /** A chunk's entries of {@code [rows]}. */
    private SDVariable entries(SDVariable x, int chunk) {
        return chunks() == 1 ? x : x.getSameDiff().slice(x, new int[] {firstRow(chunk)}, rowsOf(chunk));
    }

    private static SDVariable joined(SameDiff graph, SDVariable[] chunks) {
        return chunks.length == 1 ? chunks[0] : graph.concat(0, chunks);
    }

    /**
     * The gradients in the hidden states and the weight. With p the softmax of a row, log Z its log-normaliser, H its
     * entropy, g and h the upstream gradients of log-probability and entropy, the gradient in the row's scaled logits z is
     * {@code g · onehot(target) − p · (g + h · (z − log Z + H))}.
     *
     * <p>Inputs: hidden, weight, targets, log-normalisers and kept logits of the head; then, if {@code ofLogProbs}, the
     * upstream gradient of the log-probabilities; then, if {@code ofEntropies}, that of the entropies and the entropies.
     * Outputs: the gradient in hidden if {@code inHidden}, that in the weight if {@code inWeight}, and last
     * {@code [chunkRows, vocabulary]} of working memory, whose contents after a run are not defined.
     *
     * @param head the function differentiated
     * @param ofLogProbs whether the loss depends on the log-probabilities
     * @param ofEntropies whether the loss depends on the entropies
     * @param inHidden whether the gradient in the hidden states is wanted
     * @param inWeight whether the gradient in the weight is wanted
     */
    public record Gradient(
            LanguageModelHead head, boolean ofLogProbs, boolean ofEntropies, boolean inHidden, boolean inWeight)
            implements CompositeOp {
        /** Index of the first upstream gradient among the inputs. */
        public static final int FIRST_UPSTREAM = 5;

        /** Index of the gradient in the weight among the outputs, if there is one. */
        public int weightOutput() {
            return inHidden ? 1 : 0;
        }

        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable hidden = inputs.get(0);
            SDVariable weight = NarrowWeights.widened(inputs.get(1), hidden.dataType());
            SDVariable[] dHidden = new SDVariable[head.chunks()];
            SDVariable dWeight = null;
            SDVariable first = null;
            // The first chunk comes first: nobody needs its kept logits afterwards.
            for (int chunk = 0; chunk < head.chunks(); chunk++) {
                SDVariable states = head.states(hidden, chunk);
                SDVariable logits = chunk == 0 ? inputs.get(4) : head.logits(graph, states, weight);
                SDVariable dLogits = dLogits(graph, inputs, logits, chunk);
                first = first == null ? dLogits : first;
                if (inHidden) {
                    dHidden[chunk] = graph.mmul(dLogits, weight);
                }
                if (inWeight) {
                    SDVariable part = graph.mmul(dLogits, states, true, false, false);
                    dWeight = dWeight == null ? part : dWeight.add(part);
                }
            }
            List<SDVariable> outputs = new ArrayList<>();
            if (inHidden) {
                outputs.add(joined(graph, dHidden));
            }
            if (dWeight != null) {
                outputs.add(dWeight);
            }
            outputs.add(Objects.requireNonNull(first));
            return outputs;
        }

        /** The gradient in a chunk's logits before they were divided by the temperature. */
        private SDVariable dLogits(SameDiff graph, List<SDVariable> inputs, SDVariable logits, int chunk) {
            SDVariable tokenLogProbs = logits.sub(column(inputs.get(3), chunk));
            SDVariable probabilities = graph.math().exp(tokenLogProbs);
            int upstream = FIRST_UPSTREAM;
            SDVariable sum = null;
            if (ofLogProbs) {
                SDVariable g = column(inputs.get(upstream++), chunk);
                SDVariable targets = head.entries(inputs.get(2), chunk);
                SDVariable oneHot = graph.oneHot(targets, head.vocabulary, 1, 1, 0, logits.dataType());
                sum = oneHot.sub(probabilities).mul(g);
            }
            if (ofEntropies) {
                SDVariable h = column(inputs.get(upstream), chunk);
                SDVariable surprise = tokenLogProbs.add(column(inputs.get(upstream + 1), chunk));
                SDVariable part = probabilities.mul(surprise).mul(graph.math().neg(h));
                sum = sum == null ? part : sum.add(part);
            }
            return head.scaled(Objects.requireNonNull(sum));
        }

        private SDVariable column(SDVariable x, int chunk) {
            return head.entries(x, chunk).reshape(head.rowsOf(chunk), 1);
        }
    }
}
