package org.grpo4j.models.config;

import org.grpo4j.framework.InputException;

/**
 * The "llama3" stretching of rotary frequencies: long wavelengths are divided by {@code factor}, short ones kept, those
 * in between blended.
 *
 * @param factor how far the longest wavelengths are stretched, at least 1
 * @param lowFreqFactor wavelengths above {@code originalMaxPositionEmbeddings / lowFreqFactor} are fully stretched
 * @param highFreqFactor wavelengths below {@code originalMaxPositionEmbeddings / highFreqFactor} are kept
 * @param originalMaxPositionEmbeddings context length in tokens before stretching
 */
public record RopeScaling(
        double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositionEmbeddings) {

    public RopeScaling {
        if (!(factor >= 1)) {
            throw new InputException("rope_scaling.factor is " + factor + "; it must be at least 1.");
        }
        if (!(lowFreqFactor > 0 && highFreqFactor > lowFreqFactor)) {
            throw new InputException("rope_scaling.low_freq_factor is " + lowFreqFactor + " and high_freq_factor is "
                    + highFreqFactor + "; the first must be above 0 and below the second.");
        }
        if (originalMaxPositionEmbeddings < 1) {
            throw new InputException("rope_scaling.original_max_position_embeddings is " + originalMaxPositionEmbeddings
                    + "; it must be positive.");
        }
    }

    /**
     * One scaled frequency, after {@code _compute_llama3_parameters} of Hugging Face's {@code modeling_rope_utils.py}.
     *
     * @param frequency in radians a position
     */
    double scale(double frequency) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength > originalMaxPositionEmbeddings / lowFreqFactor) {
            return frequency / factor;
        }
        if (wavelength < originalMaxPositionEmbeddings / highFreqFactor) {
            return frequency;
        }
        double smooth = (originalMaxPositionEmbeddings / wavelength - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
        return (1 - smooth) * frequency / factor + smooth * frequency;
    }
}
