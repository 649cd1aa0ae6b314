package org.grpo4j.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Fields of {@code config.json} that ask for arithmetic this library does not do; silence would give wrong numbers. */
final class UnsupportedFields {

    private static final List<String> EXPERT_FIELDS = List.of(
            "num_experts", "num_local_experts", "num_experts_per_tok", "n_routed_experts", "moe_intermediate_size");

    private UnsupportedFields() {}

    static void refuse(ConfigFields fields) {
        String activation = fields.stringOr("hidden_act", "silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw fields.unsupported("hidden_act", "the activation must be silu.");
        }
        if (fields.booleanOr("mlp_bias", false)) {
            throw fields.unsupported("mlp_bias", "feed-forward projections must have no bias.");
        }
        if (fields.booleanOr("use_sliding_window", false)) {
            throw fields.unsupported("use_sliding_window", "attention must reach over the whole context.");
        }
        if (fields.doubleOr("partial_rotary_factor", 1) != 1) {
            throw fields.unsupported("partial_rotary_factor", "whole heads must be rotated.");
        }
        if (fields.has("quantization_config")) {
            throw fields.unsupported("quantization_config", "use the unquantised checkpoint.");
        }
        for (String field : EXPERT_FIELDS) {
            if (fields.has(field)) {
                throw fields.unsupported(field, "mixtures of experts are not known here.");
            }
        }
        if (fields.has("layer_types")) {
            for (JsonNode type : fields.object().get("layer_types")) {
                if (!type.asText().equals("full_attention")) {
                    throw fields.unsupported("layer_types", "every layer must be full_attention.");
                }
            }
        }
    }
}
