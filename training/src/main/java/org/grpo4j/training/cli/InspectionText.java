package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An inspection for people. */
final class InspectionText {

    private static final String MODE = "%-16s %-9s %15s %9s %10s %12s %9s %12s %9s%n";

    private InspectionText() {}

    static String of(JsonNode result) {
        StringBuilder text = new StringBuilder();
        line(text, "model", result.path("folder").asText());
        line(text, "family", result.path("family").asText());
        line(
                text,
                "shape",
                String.format(
                        Locale.ROOT,
                        "%d layers of width %d, %d heads on %d key/value heads of %d, feed-forward %d",
                        result.path("layers").intValue(),
                        result.path("width").intValue(),
                        result.path("heads").intValue(),
                        result.path("kv_heads").intValue(),
                        result.path("head_dim").intValue(),
                        result.path("ffn").intValue()));
        line(
                text,
                "vocabulary",
                String.format(
                        Locale.ROOT,
                        "%,d rows, %s, %s",
                        result.path("vocabulary").intValue(),
                        result.path("tied_head").booleanValue() ? "also the head" : "a head of its own",
                        tokenizer(result)));
        line(
                text,
                "positions",
                String.format(Locale.ROOT, "%,d", result.path("positions").intValue()));
        line(
                text,
                "parameters",
                String.format(Locale.ROOT, "%,d", result.path("parameters").longValue()));
        line(text, "stored", stored(result.path("dtypes")));
        line(text, "chat", result.path("chat_template").booleanValue() ? "has a template" : "no template");
        if (result.has("adapter")) {
            JsonNode adapter = result.get("adapter");
            line(
                    text,
                    "adapter",
                    "LoRA of rank " + adapter.path("rank") + ", scale " + adapter.path("scale") + ", on "
                            + joined(adapter.path("target_modules")) + " in "
                            + adapter.path("folder").asText());
        }
        inference(text, result.path("inference"));
        training(text, result.path("training"));
        return text.toString();
    }

    private static String tokenizer(JsonNode result) {
        int tokens = result.path("tokenizer_tokens").intValue();
        return tokens == 0 ? "no tokenizer" : String.format(Locale.ROOT, "%,d tokens in the tokenizer", tokens);
    }

    private static String stored(JsonNode types) {
        List<String> parts = new ArrayList<>();
        types.forEach(type -> parts.add(
                type.path("tensors") + " tensors in " + type.path("dtype").asText() + ", "
                        + gigabytes(type.path("bytes").longValue()) + " GB"));
        return String.join("; ", parts);
    }

    private static void inference(StringBuilder text, JsonNode inference) {
        line(
                text,
                "inference",
                String.format(
                        Locale.ROOT,
                        "%s GB of weights in float32, %s in bfloat16; %,d bytes of cache a token and row",
                        gigabytes(inference.path("weights_float32").longValue()),
                        gigabytes(inference.path("weights_bfloat16").longValue()),
                        inference.path("kv_cache_per_token").longValue()));
    }

    private static void training(StringBuilder text, JsonNode training) {
        line(
                text,
                "training",
                String.format(
                        Locale.ROOT,
                        "GB with micro-batches of %d tokens (sequences of %d), %d at a time; the last two columns with"
                                + " activation_checkpointing",
                        training.path("micro_batch_tokens").intValue(),
                        training.path("length").intValue(),
                        training.path("replicas").intValue()));
        text.append(String.format(
                Locale.ROOT,
                MODE,
                "  what trains",
                "frozen in",
                "parameters",
                "weights",
                "optimiser",
                "activations",
                "total",
                "activations",
                "total"));
        for (JsonNode mode : training.path("modes")) {
            text.append(String.format(
                    Locale.ROOT,
                    MODE,
                    "  " + mode.path("mode").asText(),
                    mode.path("mode").asText().equals("full")
                            ? "-"
                            : mode.path("weights_dtype").asText(),
                    String.format(
                            Locale.ROOT, "%,d", mode.path("trained_parameters").longValue()),
                    gigabytes(mode.path("weights").longValue()),
                    gigabytes(mode.path("gradients_and_optimiser").longValue()),
                    gigabytes(mode.path("activations").longValue()),
                    gigabytes(mode.path("total").longValue()),
                    gigabytes(mode.path("activations_recomputed").longValue()),
                    gigabytes(mode.path("total_recomputed").longValue())));
        }
    }

    private static String joined(JsonNode names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add(name.asText()));
        return String.join(", ", all);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 100_000_000 ? "%.3f" : "%.2f", bytes / 1e9);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-11s %s%n", name, value));
    }
}
