package org.grpo4j.models.decoder;

import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Cosines and sines of the rotary angles of each token.
 *
 * @param tokens number of tokens
 * @param cos {@code [tokens, headDim / 2]}
 * @param sin {@code [tokens, headDim / 2]}
 */
public record Rotary(int tokens, SDVariable cos, SDVariable sin) {
    /**
     * Looks angles up by position.
     *
     * @param positions integers {@code [tokens]} from 0 below {@code length}
     * @param length number of positions the tables cover
     */
    public static Rotary at(
            SameDiff graph, DecoderConfig config, SDVariable positions, int tokens, int length, DataType type) {
        double[] frequencies = config.inverseFrequencies();
        double[][] cos = new double[length][frequencies.length];
        double[][] sin = new double[length][frequencies.length];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < frequencies.length; i++) {
                cos[position][i] = Math.cos(position * frequencies[i]);
                sin[position][i] = Math.sin(position * frequencies[i]);
            }
        }
        return new Rotary(tokens, rows(graph, cos, positions, type), rows(graph, sin, positions, type));
    }

    private static SDVariable rows(SameDiff graph, double[][] table, SDVariable positions, DataType type) {
        INDArray typed = Nd4j.create(table).castTo(type);
        return graph.gather(graph.constant(typed), positions, 0);
    }
}
