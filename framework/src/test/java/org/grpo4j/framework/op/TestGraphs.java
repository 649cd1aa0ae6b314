package org.grpo4j.framework.op;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A decoder block with every op of this package, small enough for finite differences. */
public final class TestGraphs {
    private TestGraphs() {}

    /** Sizes of a block: queries have twice as many heads as keys. */
    public record Sizes(
            int batch, int time, int width, int heads, int kvHeads, int feedForward, int vocabulary, int layers) {
        int headDim() {
            return width / heads;
        }
    }

    /** A graph with its scalar loss, its trainable variables and the names of what goes from layer to layer. */
    public record Graph(
            SameDiff graph,
            SDVariable loss,
            SDVariable weightedLogProbs,
            List<SDVariable> parameters,
            List<String> boundaries) {}

    public static INDArray normal(Random random, DataType type, long... shape) {
        int n = 1;
        for (long s : shape) {
            n *= (int) s;
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape('c', shape).castTo(type);
    }

    public static Graph decoder(Sizes s, DataType type, boolean padded, long seed) {
        Random random = new Random(seed);
        SameDiff graph = SameDiff.create();
        Map<String, SDVariable> parameters = new LinkedHashMap<>();
        int n = s.batch * s.time;
        SDVariable ids = graph.constant(
                "ids", Nd4j.createFromArray(random.ints(n, 0, s.vocabulary).toArray()));
        SDVariable targets = graph.constant(
                "targets", Nd4j.createFromArray(random.ints(n, 0, s.vocabulary).toArray()));
        SDVariable weights = graph.constant("weights", weights(s, type, padded, random));
        SDVariable cos = graph.constant("cos", angles(s, type, false));
        SDVariable sin = graph.constant("sin", angles(s, type, true));
        SDVariable table = parameter(parameters, graph, random, "table", type, s.vocabulary, s.width);
        SDVariable x = Ops.embedding(table, ids, s.vocabulary);
        List<String> boundaries = new ArrayList<>(List.of(x.name()));
        for (int layer = 0; layer < s.layers; layer++) {
            x = block(s, graph, parameters, random, type, padded, layer, x, cos, sin);
            boundaries.add(x.name());
        }
        SDVariable gain = parameter(parameters, graph, random, "final-norm", type, s.width);
        SDVariable logits = Ops.linear(Ops.rmsNorm(x, gain, 1e-5), table, null);
        SDVariable logProbs = Ops.tokenLogProbs(logits, targets);
        SDVariable weighted = logProbs.mul(weights);
        SDVariable loss =
                weighted.sum().add(Ops.entropy(logits).mul(weights).sum().mul(0.3));
        return new Graph(graph, loss, weighted, new ArrayList<>(parameters.values()), boundaries);
    }

    private static SDVariable block(
            Sizes s,
            SameDiff graph,
            Map<String, SDVariable> parameters,
            Random random,
            DataType type,
            boolean padded,
            int layer,
            SDVariable x,
            SDVariable cos,
            SDVariable sin) {
        String at = layer + ".";
        int n = s.batch * s.time;
        int kv = s.kvHeads * s.headDim();
        SDVariable h = Ops.rmsNorm(x, parameter(parameters, graph, random, at + "norm1", type, s.width), 1e-5);
        SDVariable q = Ops.linear(
                h,
                parameter(parameters, graph, random, at + "q", type, s.width, s.width),
                parameter(parameters, graph, random, at + "q-bias", type, s.width));
        SDVariable k = Ops.linear(h, parameter(parameters, graph, random, at + "k", type, kv, s.width), null);
        SDVariable v = Ops.linear(h, parameter(parameters, graph, random, at + "v", type, kv, s.width), null);
        q = new Rope(n, s.heads, s.headDim(), false).apply(q, cos, sin);
        k = new Rope(n, s.kvHeads, s.headDim(), false).apply(k, cos, sin);
        Attention attention = new Attention(s.batch, s.time, s.heads, s.kvHeads, s.headDim());
        SDVariable mixed =
                padded ? attention.apply(q, k, v, graph.constant(leftPadding(s, type))) : attention.apply(q, k, v);
        SDVariable y =
                x.add(Ops.linear(mixed, parameter(parameters, graph, random, at + "o", type, s.width, s.width), null));
        SDVariable h2 = Ops.rmsNorm(y, parameter(parameters, graph, random, at + "norm2", type, s.width), 1e-5);
        SDVariable gate =
                Ops.linear(h2, parameter(parameters, graph, random, at + "gate", type, s.feedForward, s.width), null);
        SDVariable up =
                Ops.linear(h2, parameter(parameters, graph, random, at + "up", type, s.feedForward, s.width), null);
        return y.add(Ops.linear(
                Ops.swiGlu(gate, up),
                parameter(parameters, graph, random, at + "down", type, s.width, s.feedForward),
                null));
    }

    /** What padding positions give is not defined, so they carry no weight. */
    private static INDArray weights(Sizes s, DataType type, boolean padded, Random random) {
        INDArray weights = normal(random, type, s.batch, s.time);
        if (padded) {
            weights.muli(leftPadding(s, type).eq(0).castTo(type));
        }
        return weights.reshape(s.batch * s.time);
    }

    /** Row r has r padding positions on its left. */
    private static INDArray leftPadding(Sizes s, DataType type) {
        INDArray bias = Nd4j.zeros(type, s.batch, s.time);
        for (int row = 0; row < s.batch; row++) {
            for (int t = 0; t < Math.min(row, s.time - 1); t++) {
                bias.putScalar(row, t, Attention.MASKED);
            }
        }
        return bias;
    }

    private static SDVariable parameter(
            Map<String, SDVariable> parameters,
            SameDiff graph,
            Random random,
            String name,
            DataType type,
            long... shape) {
        INDArray array = normal(random, type, shape).muli(shape.length == 1 ? 0.3 : 1 / Math.sqrt(shape[1]));
        SDVariable variable = graph.var(name, shape.length == 1 ? array.addi(1) : array);
        parameters.put(name, variable);
        return variable;
    }

    private static INDArray angles(Sizes s, DataType type, boolean sine) {
        int half = s.headDim() / 2;
        double[][] table = new double[s.batch * s.time][half];
        for (int row = 0; row < table.length; row++) {
            for (int i = 0; i < half; i++) {
                double angle = (row % s.time) / Math.pow(10000, (double) i / half);
                table[row][i] = sine ? Math.sin(angle) : Math.cos(angle);
            }
        }
        return Nd4j.create(table).castTo(type);
    }
}
