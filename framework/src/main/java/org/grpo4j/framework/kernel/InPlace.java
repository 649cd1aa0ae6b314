package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kernel that reads its inputs block by block before it writes the outputs' blocks at the same places, so that outputs
 * may lie over inputs. That saves a third of the memory traffic of kernels whose arrays do not fit the cache.
 *
 * @param kernel what to run
 * @param outputs how many of the first outputs may overwrite an input
 * @param inputs the inputs that may be overwritten, by any of those outputs that has the same size
 */
record InPlace(Kernel kernel, int outputs, List<Integer> inputs) implements Kernel {
    static Kernel over(Kernel kernel, int outputs, Integer... inputs) {
        return new InPlace(kernel, outputs, List.of(inputs));
    }

    @Override
    public long scratchLength() {
        return kernel.scratchLength();
    }

    @Override
    public Runnable bind(List<INDArray> in, List<INDArray> out) {
        return kernel.bind(in, out);
    }

    @Override
    public boolean mayOverwrite(int output, int input) {
        return output < outputs && inputs.contains(input);
    }
}
