package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelShapes;
import org.grpo4j.models.tokenizer.ByteTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.grpo4j.models.weights.WeightStorage;
import org.grpo4j.training.trainer.Policy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grpo4j init}. */
@Command(
        name = "init",
        description =
                "Write a model of a given shape with random weights, to try things out before the real one is there.",
        sortOptions = false,
        footer = {
            "",
            "Without --tokenizer the model gets a stand-in that knows single bytes and the special tokens of its family."
        })
final class InitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "SHAPE",
            completionCandidates = ShapeNames.class,
            description = "A config.json, or one of: ${COMPLETION-CANDIDATES}.")
    private String shape;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write; must be new or empty.")
    private Path out;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Take the tokenizer, and chat template, of this folder.")
    private @Nullable Path tokenizer;

    @Option(names = "--no-tokenizer", description = "No tokenizer at all; logprobs needs none.")
    private boolean noTokenizer;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = StoredType.class,
            description = "float32, bfloat16 or float16; that of the shape unless given.")
    private @Nullable TensorType type;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "The same seed gives the same weights (${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        DecoderConfig config = ModelShapes.of(shape);
        TensorType stored = type == null ? StoredType.named(config.torchDtype()) : type;
        AtomicFolder.requireNewOrEmpty(out);
        try (Checkpoint checkpoint =
                Checkpoint.random(config, seed, DataType.FLOAT, companions(config), WeightStorage.of(stored))) {
            checkpoint.save(out, stored);
        }
        spec.commandLine()
                .getOut()
                .println(String.format(Locale.ROOT, "init: %s, %s in %s", shape, stored.torchName(), out));
        return 0;
    }

    /** The tokenizer's files; small, so they are read before the weights are made. */
    private CompanionFiles companions(DecoderConfig config) {
        if (noTokenizer) {
            return CompanionFiles.none();
        }
        try (Tokenizer words = tokenizer == null ? ByteTokenizer.of(config) : Tokenizer.load(tokenizer)) {
            Policy.requireSameVocabulary(words, config, tokenizer == null ? shape : tokenizer.toString());
            return CompanionFiles.of(words);
        }
    }
}
