package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.plan.AddingKernel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of a head. A chunk's logits become the gradient in them in one pass and in place; the working memory is an
 * output of the function, so the plan's arena holds everything. The gradient in the weight sums over chunks, and over
 * runs if asked to, in the products themselves.
 *
 * @param gradient the function computed
 */
record LanguageModelHeadGradientKernel(LanguageModelHead.Gradient gradient) implements AddingKernel {
    private static final int KEPT_LOGITS = 4;

    @Override
    public boolean canAdd(int output) {
        return gradient.inWeight() && output == gradient.weightOutput();
    }

    /** The working memory may lie over the kept logits: each row of them is read before its gradient is written. */
    @Override
    public boolean mayOverwrite(int output, int input) {
        return input == KEPT_LOGITS && output == (gradient.inHidden() ? 1 : 0) + (gradient.inWeight() ? 1 : 0);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
        LanguageModelHead head = gradient.head();
        int width = head.width();
        int vocabulary = head.vocabulary();
        float scale = (float) (1 / head.temperature());
        INDArray workspace = outputs.get(outputs.size() - 1);
        Matrix hidden = new Matrix(inputs.get(0), width);
        StoredWeight weight = new StoredWeight(inputs.get(1));
        Matrix logits = new Matrix(workspace, vocabulary);
        Matrix dHidden = new Matrix(outputs.get(0), width);
        Matrix dWeight = new Matrix(outputs.get(gradient.weightOutput()), width);
        NativeFloats kept = new NativeFloats(inputs.get(KEPT_LOGITS));
        NativeFloats computed = new NativeFloats(workspace);
        Rows rows = new Rows(gradient, inputs, computed);
        return () -> {
            for (int chunk = 0; chunk < head.chunks(); chunk++) {
                long from = (long) head.firstRow(chunk) * width;
                int count = head.rowsOf(chunk);
                if (chunk > 0) {
                    weight.multiply(hidden.at(from), count, logits, scale);
                }
                for (int row = 0; row < count; row++) {
                    rows.differentiate(head.firstRow(chunk) + row, chunk > 0 ? computed : kept, row * vocabulary);
                }
                if (gradient.inHidden()) {
                    weight.multiplyBack(logits, count, dHidden.at(from), false);
                }
                if (gradient.inWeight()) {
                    float sum = chunk > 0 || addition.addsTo(gradient.weightOutput()) ? 1 : 0;
                    Gemm.multiply(
                            logits.at(0),
                            true,
                            hidden.at(from),
                            false,
                            dWeight.at(0),
                            vocabulary,
                            width,
                            count,
                            1,
                            sum);
                }
            }
        };
    }

    /** The gradient in the logits of a row, before they were divided by the temperature. */
    private static final class Rows {
        private final int vocabulary;
        private final float scale;
        private final INDArray targets;
        private final NativeFloats logNormalisers;
        private final @Nullable NativeFloats ofLogProbs;
        private final @Nullable NativeFloats ofEntropies;
        private final @Nullable NativeFloats entropies;
        private final NativeFloats result;
        private final float[] block = new float[RunningSoftmax.BLOCK];

        Rows(LanguageModelHead.Gradient gradient, List<INDArray> inputs, NativeFloats result) {
            int last = inputs.size() - 1;
            this.vocabulary = gradient.head().vocabulary();
            this.scale = (float) (1 / gradient.head().temperature());
            this.targets = inputs.get(2);
            this.logNormalisers = new NativeFloats(inputs.get(3));
            this.ofLogProbs = gradient.ofLogProbs()
                    ? new NativeFloats(inputs.get(LanguageModelHead.Gradient.FIRST_UPSTREAM))
                    : null;
            this.ofEntropies = gradient.ofEntropies() ? new NativeFloats(inputs.get(last - 1)) : null;
            this.entropies = gradient.ofEntropies() ? new NativeFloats(inputs.get(last)) : null;
            this.result = result;
        }

        /** Reads logits and writes the gradient at the same place {@code at}, of another matrix or of the same. */
        void differentiate(int row, NativeFloats logits, int at) {
            float g = ofLogProbs == null ? 0 : scale * ofLogProbs.get(row);
            float h = ofEntropies == null ? 0 : scale * ofEntropies.get(row);
            float shift = logNormalisers.get(row);
            // −p · (g + h · (log p + H)) as e^(log p) · (constant + slope · log p).
            float constant = entropies == null ? -g : -g - h * entropies.get(row);
            for (int i = 0; i < vocabulary; i += block.length) {
                int length = Math.min(block.length, vocabulary - i);
                logits.read(at + i, block, length);
                VectorMath.expTimesLine(block, length, shift, constant, -h);
                result.write(at + i, block, length);
            }
            int target = at + LanguageModelHeadKernel.target(targets, row, vocabulary);
            result.put(target, result.get(target) + g);
        }
    }
}
