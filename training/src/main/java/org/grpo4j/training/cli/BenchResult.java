package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.grpo4j.framework.device.SgemmRate;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.weights.Checkpoint;

/** What the benchmarks of models share: the shape first, a yardstick, JSON or a table. */
final class BenchResult {

    private static final int SGEMM_REPEATS = 5;

    private BenchResult() {}

    /** A result that begins with the shape of the model. */
    static ObjectNode of(Checkpoint checkpoint) {
        DecoderConfig config = checkpoint.config();
        return new ObjectMapper()
                .createObjectNode()
                .put("layers", config.layers())
                .put("width", config.width())
                .put("heads", config.heads())
                .put("kv_heads", config.kvHeads())
                .put("ffn", config.feedForward())
                .put("vocabulary", config.vocabularySize())
                .put("parameters", checkpoint.parameters().parameterCount());
    }

    /** GFLOP/s of large products on all cores. */
    static double sgemm() {
        return SgemmRate.measure(SgemmRate.SIZE, Runtime.getRuntime().availableProcessors(), SGEMM_REPEATS);
    }

    /** A line a value. */
    static String table(ObjectNode result) {
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, JsonNode> entry : result.properties()) {
            JsonNode value = entry.getValue();
            table.append(String.format(Locale.ROOT, "%-24s %s%n", entry.getKey().replace('_', ' '), text(value)));
        }
        return table.toString().stripTrailing();
    }

    private static String text(JsonNode value) {
        if (value.isIntegralNumber()) {
            return String.format(Locale.ROOT, "%,d", value.longValue());
        }
        return value.isNumber() ? String.format(Locale.ROOT, "%,.4g", value.doubleValue()) : value.asText();
    }
}
