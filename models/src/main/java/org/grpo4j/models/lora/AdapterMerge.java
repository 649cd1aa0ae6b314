package org.grpo4j.models.lora;

import org.grpo4j.framework.ParameterStore;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adds an adapter's contribution to the weights it adapts: {@code W ← W + scale · B A}. */
public final class AdapterMerge {

    private AdapterMerge() {}

    /**
     * Merges in place; the model without the adapter then gives what it gave with it, up to rounding.
     *
     * @param weights of the base model, in the type they are computed in
     */
    public static void into(ParameterStore weights, LoraAdapter adapter) {
        ParameterStore low = adapter.parameters();
        for (String name : low.names()) {
            if (!name.endsWith(LoraAdapter.nameOfA(""))) {
                continue;
            }
            String projection =
                    name.substring(0, name.length() - LoraAdapter.nameOfA("").length());
            INDArray a = low.get(name);
            INDArray b = low.get(LoraAdapter.nameOfB(projection));
            INDArray weight = weights.get(projection + ".weight");
            try (INDArray product = Nd4j.create(weight.dataType(), weight.shape(), 'c')) {
                b.mmuli(a, product);
                product.muli(adapter.config().scale());
                weight.addi(product);
            }
        }
    }
}
