package org.grpo4j.models.lora;

import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adds an adapter's contribution to the weights it adapts: {@code W ← W + scale · B A}. */
public final class AdapterMerge {

    private AdapterMerge() {}

    /**
     * Merges in place; the model without the adapter then gives what it gave with it, up to rounding. Sums are computed in
     * FLOAT and rounded once, to the type of the weight. At most one product is held beside the weights.
     *
     * @param weights of the base model
     */
    public static void into(ParameterStore weights, LoraAdapter adapter) {
        ParameterStore low = adapter.parameters();
        String suffix = LoraAdapter.nameOfA("");
        for (String name : low.names()) {
            if (!name.endsWith(suffix)) {
                continue;
            }
            String projection = name.substring(0, name.length() - suffix.length());
            String weight = projection + ".weight";
            try (INDArray product =
                    Nd4j.create(low.dataType(), weights.get(weight).shape(), 'c')) {
                low.get(LoraAdapter.nameOfB(projection)).mmuli(low.get(name), product);
                product.muli(adapter.config().scale());
                add(weights, weight, product);
            }
        }
    }

    private static void add(ParameterStore weights, String name, INDArray product) {
        INDArray weight = weights.get(name);
        if (!weights.isNarrow(name)) {
            weight.addi(product);
            return;
        }
        try (INDArray wide = weight.castTo(DataType.FLOAT)) {
            wide.addi(product);
            ArrayMemory source = ArrayMemory.toRead(wide);
            ArrayMemory target = ArrayMemory.toWrite(weight);
            float[] window = new float[(int) Math.min(weight.length(), ArrayMemory.WINDOW_ELEMENTS)];
            for (long first = 0; first < weight.length(); first += window.length) {
                int count = (int) Math.min(window.length, weight.length() - first);
                source.window(first, count).asFloatBuffer().get(window, 0, count);
                target.write(first, window, count);
            }
            target.written();
        }
    }
}
