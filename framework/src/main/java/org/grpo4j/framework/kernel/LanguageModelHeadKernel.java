package org.grpo4j.framework.kernel;

import java.util.List;
import java.util.Objects;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.plan.Kernel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scores of tokens. A chunk's logits are written by one product and read once; all chunks use the memory of the output
 * that keeps the first chunk's, so the plan's arena holds everything.
 *
 * @param head the function computed
 */
record LanguageModelHeadKernel(LanguageModelHead head) implements Kernel {
    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int width = head.width();
        int vocabulary = head.vocabulary();
        float scale = (float) (1 / head.temperature());
        Matrix hidden = new Matrix(inputs.get(0), width);
        StoredWeight weight = new StoredWeight(inputs.get(1));
        Matrix product = new Matrix(outputs.get(outputs.size() - 1), vocabulary);
        Rows rows = new Rows(head, inputs.get(2), outputs);
        return () -> {
            // The first chunk comes last, so that its logits are the ones that stay.
            for (int chunk = head.chunks() - 1; chunk >= 0; chunk--) {
                long from = (long) head.firstRow(chunk) * width;
                int count = head.rowsOf(chunk);
                weight.multiply(hidden.at(from), count, product, scale);
                for (int row = 0; row < count; row++) {
                    rows.score(head.firstRow(chunk) + row, row * vocabulary);
                }
            }
        };
    }

    /** A token that must be in the vocabulary: a wrong one would read or write another row's memory. */
    static int target(INDArray targets, int row, int vocabulary) {
        return Objects.checkIndex(targets.getInt(row), vocabulary);
    }

    /** What is computed from the logits of a row. */
    private static final class Rows {
        private final int vocabulary;
        private final INDArray targets;
        private final NativeFloats logProbs;
        private final @Nullable NativeFloats entropies;
        private final NativeFloats logNormalisers;
        private final NativeFloats logits;
        private final RunningSoftmax softmax = new RunningSoftmax();

        Rows(LanguageModelHead head, INDArray targets, List<INDArray> outputs) {
            NativeFloats[] out = NativeFloats.of(outputs);
            this.vocabulary = head.vocabulary();
            this.targets = targets;
            this.logProbs = out[0];
            this.entropies = head.withEntropies() ? out[1] : null;
            this.logNormalisers = out[out.length - 2];
            this.logits = out[out.length - 1];
        }

        /** Scores a row whose logits start at {@code at}. */
        void score(int row, int at) {
            softmax.read(logits, at, vocabulary);
            double logNormaliser = softmax.logNormaliser();
            float chosen = logits.get(at + target(targets, row, vocabulary));
            logProbs.put(row, (float) (chosen - logNormaliser));
            if (entropies != null) {
                entropies.put(row, (float) softmax.entropy());
            }
            logNormalisers.put(row, (float) logNormaliser);
        }
    }
}
