package org.grpo4j.framework.optim;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** Multiplies fixed arrays by a number, in place and without allocating: {@code muli} makes a new scalar every time. */
final class ScalarMultiply implements AutoCloseable {

    private final DynamicCustomOp multiply = DynamicCustomOp.builder("multiply").build();
    private final INDArray factor;
    private final List<OpContext> contexts = new ArrayList<>();

    ScalarMultiply(List<INDArray> arrays, DataType dataType) {
        factor = Nd4j.scalar(dataType, 1);
        for (INDArray array : arrays) {
            OpContext context = Nd4j.getExecutioner().buildContext();
            context.setInputArrays(array, factor);
            context.setOutputArrays(array);
            contexts.add(context);
        }
    }

    void by(double number) {
        factor.putScalar(0, number);
        for (OpContext context : contexts) {
            Nd4j.exec(multiply, context);
        }
    }

    @Override
    public void close() {
        contexts.forEach(Resources::close);
        factor.close();
    }
}
