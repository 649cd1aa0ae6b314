package org.grpo4j.framework.kernel;

import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is computed from the softmax of logits: log-probability of a token, entropy, and the gradient of the first. */
final class SoftmaxKernels {
    private SoftmaxKernels() {}

    static Kernel tokenLogProbs() {
        return (inputs, outputs) -> {
            NativeFloats logits = new NativeFloats(inputs.get(0));
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            INDArray targets = inputs.get(1);
            NativeFloats out = new NativeFloats(outputs.get(0));
            RunningSoftmax softmax = new RunningSoftmax();
            return () -> {
                for (int r = 0; r < rows; r++) {
                    softmax.read(logits, r * width, width);
                    float chosen = logits.get(r * width + LanguageModelHeadKernel.target(targets, r, width));
                    out.put(r, (float) (chosen - softmax.logNormaliser()));
                }
            };
        };
    }

    static Kernel tokenLogProbsGradient() {
        return (inputs, outputs) -> {
            NativeFloats upstream = new NativeFloats(inputs.get(0));
            NativeFloats logits = new NativeFloats(inputs.get(1));
            int rows = (int) inputs.get(1).size(0);
            int width = (int) inputs.get(1).size(1);
            INDArray targets = inputs.get(2);
            NativeFloats out = new NativeFloats(outputs.get(0));
            float[] row = new float[VectorMath.padded(width)];
            return () -> {
                for (int r = 0; r < rows; r++) {
                    float d = upstream.get(r);
                    logits.read(r * width, row, width);
                    float max = VectorMath.max(row, 0, width);
                    float total = VectorMath.expAndSum(row, 0, width, max);
                    VectorMath.scale(row, 0, width, -d / total);
                    row[targets.getInt(r)] += d;
                    out.write(r * width, row, width);
                }
            };
        };
    }

    static Kernel entropy() {
        return (inputs, outputs) -> {
            NativeFloats logits = new NativeFloats(inputs.get(0));
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            NativeFloats out = new NativeFloats(outputs.get(0));
            RunningSoftmax softmax = new RunningSoftmax();
            return () -> {
                for (int r = 0; r < rows; r++) {
                    softmax.read(logits, r * width, width);
                    out.put(r, (float) softmax.entropy());
                }
            };
        };
    }
}
