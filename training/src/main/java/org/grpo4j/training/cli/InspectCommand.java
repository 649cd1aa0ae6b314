package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.grpo4j.framework.plan.Replicas;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j inspect}. */
@Command(
        name = "inspect",
        description =
                "What a model folder holds, and what memory using and training the model takes; reads no weights.",
        sortOptions = false,
        footer = {
            "",
            "Activations are those of one micro-batch a replica, laid out by the plans that train. pack_weights, on unless"
                    + " switched off, costs the float32 matrices once more while it samples."
        })
final class InspectCommand implements Callable<Integer> {

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A checkpoint folder, the folder of a run, or that of an adapter.")
    private Path model;

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "1024",
            paramLabel = "N",
            description = "training.micro_batch_tokens to count with (${DEFAULT-VALUE}).")
    private int tokens;

    @Option(
            names = "--length",
            defaultValue = "512",
            paramLabel = "N",
            description = "Tokens of a sequence, half of them prompt (${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--replicas",
            defaultValue = "0",
            paramLabel = "N",
            description = "Micro-batches worked on at a time; 0 is one a core.")
    private int replicas;

    @Mixin
    private JsonOutput output;

    @Override
    public Integer call() throws IOException {
        if (replicas < 0) {
            throw new IllegalArgumentException("--replicas is " + replicas + " but must not be negative");
        }
        if (length < 2 || tokens < length) {
            throw new IllegalArgumentException("--length is " + length + " and --micro-batch-tokens " + tokens
                    + "; a sequence needs 2 tokens, and a micro-batch room for a sequence");
        }
        ModelInspection inspection = ModelInspection.of(ModelFolder.of(model));
        ObjectNode result = inspection.describe(new ObjectMapper().createObjectNode());
        inspection.measure(result, tokens, length, Replicas.countOf(replicas));
        output.write(result, () -> InspectionText.of(result));
        return 0;
    }
}
