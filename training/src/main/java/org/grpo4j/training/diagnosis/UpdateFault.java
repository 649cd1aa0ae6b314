package org.grpo4j.training.diagnosis;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.io.AtomicFile;

/**
 * Why a run stopped: the update after which no more was tried.
 *
 * @param step of the run
 * @param skippedInARow updates that were not finite, this one included
 * @param loss of the batch
 * @param gradientNorm over all parameters
 * @param learningRate that the update would have had
 * @param gradients parameters whose gradient is not finite
 * @param parameters parameters that are not finite themselves
 * @param examples those of the batch that are not finite alone, the first few; none if only their sum is not
 */
public record UpdateFault(
        int step,
        @JsonProperty("skipped_in_a_row") int skippedInARow,
        double loss,
        double gradientNorm,
        double learningRate,
        List<BadArray> gradients,
        List<BadArray> parameters,
        List<BadExample> examples) {
    /** NaN and infinities become strings, of which JSON has no numbers. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public UpdateFault {
        gradients = List.copyOf(gradients);
        parameters = List.copyOf(parameters);
        examples = List.copyOf(examples);
    }

    /**
     * An array with values that are not finite.
     *
     * @param name of the parameter
     * @param elements of the array
     * @param nan how many are no number
     * @param infinite how many are infinite
     * @param first index of the first of them, in row order
     */
    public record BadArray(String name, long elements, long nan, long infinite, long first) {}

    /**
     * An example whose own loss or gradient is not finite.
     *
     * @param index in the batch
     * @param prompt its token ids
     * @param completion its token ids
     * @param text of the completion; empty where only ids are known
     * @param advantage it was weighted with; 1 for a demonstration
     * @param loss of it alone
     * @param gradientNorm of it alone
     */
    public record BadExample(
            int index,
            List<Integer> prompt,
            List<Integer> completion,
            String text,
            double advantage,
            double loss,
            double gradientNorm) {

        public static BadExample of(
                int index,
                int[] prompt,
                int[] completion,
                String text,
                double advantage,
                double loss,
                double gradientNorm) {
            return new BadExample(
                    index,
                    Arrays.stream(prompt).boxed().toList(),
                    Arrays.stream(completion).boxed().toList(),
                    text,
                    advantage,
                    loss,
                    gradientNorm);
        }
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        AtomicFile.writeString(file, JSON.writeValueAsString(this) + "\n");
    }
}
