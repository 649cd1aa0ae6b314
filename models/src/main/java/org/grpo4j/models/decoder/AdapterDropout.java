package org.grpo4j.models.decoder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.grpo4j.models.lora.LoraAdapter;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dropout of an adapter's inputs, with noise that comes in as a placeholder, so that a seed decides it on every backend.
 * Number i of token t is kept if the fractional part of {@code u[t] + v[i]} is at least the probability, where u and v
 * are uniform in [0, 1) and fresh for every projection. Any two numbers of an input are then dropped independently of
 * each other, at the price of {@code tokens + in} random numbers instead of {@code tokens · in}.
 */
public final class AdapterDropout {

    /** Name of the placeholder, one dimension. */
    public static final String NOISE = "adapter_noise";

    private final double probability;
    private final int tokens;
    private final SDVariable noise;
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final Map<String, Long> widths = new LinkedHashMap<>();

    /**
     * Adds the placeholder to a graph.
     *
     * @param tokens token slots of the graph
     */
    public AdapterDropout(SameDiff graph, DecoderModel model, LoraAdapter adapter, int tokens) {
        this.probability = adapter.config().dropout();
        this.tokens = tokens;
        long length = 0;
        for (Map.Entry<String, long[]> projection :
                adapter.config().projections(model.config()).entrySet()) {
            offsets.put(projection.getKey(), length);
            widths.put(projection.getKey(), projection.getValue()[1]);
            length += tokens + projection.getValue()[1];
        }
        this.noise = graph.placeHolder(NOISE, adapter.parameters().dataType(), length);
    }

    /** The input {@code [tokens, in]} of a projection with some numbers 0 and the others scaled up to keep the mean. */
    public SDVariable apply(SDVariable x, String projection) {
        SameDiff graph = x.getSameDiff();
        int offset = Math.toIntExact(offsets.getOrDefault(projection, 0L));
        int width = Math.toIntExact(widths.getOrDefault(projection, 0L));
        SDVariable u = graph.slice(noise, new int[] {offset}, tokens).reshape(tokens, 1);
        SDVariable v = graph.slice(noise, new int[] {offset + tokens}, width).reshape(1, width);
        SDVariable sum = u.add(v);
        SDVariable fraction = sum.sub(graph.math().floor(sum));
        SDVariable kept = fraction.gte(probability).castTo(x.dataType());
        return x.mul(kept.mul(1 / (1 - probability)));
    }

    /** Draws the noise of one run into the placeholder's array. */
    public static void fill(INDArray placeholder, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = Math.toIntExact(placeholder.length());
        if (placeholder.dataType() == DataType.DOUBLE) {
            placeholder.data().setData(random.doubles(length).toArray());
            return;
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            // 24 bits: the largest is still below 1 as a float.
            values[i] = (random.nextInt() >>> 8) * 0x1p-24f;
        }
        placeholder.data().setData(values);
    }
}
