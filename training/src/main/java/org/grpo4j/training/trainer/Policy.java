package org.grpo4j.training.trainer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.grpo4j.training.config.InitSection;
import org.grpo4j.training.config.ModelSection;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model with its tokenizer: what is trained, sampled from and saved. Owns both.
 *
 * @param checkpoint configuration and parameters
 * @param tokenizer that the ids come from
 */
public record Policy(Checkpoint checkpoint, Tokenizer tokenizer) implements AutoCloseable {
    /** Seed part of fresh weights, so that they differ from every other use of the run's seed. */
    private static final long WEIGHTS = 1;

    /** Loads or makes the policy that a configuration describes. */
    public static Policy of(ModelSection model, long seed) {
        Path path = model.path();
        if (path != null) {
            return load(path);
        }
        InitSection init = model.init();
        if (init == null) {
            throw new IllegalArgumentException("model needs a path or an init section");
        }
        return fresh(init, seed);
    }

    /**
     * Loads a checkpoint folder.
     *
     * @throws InputException if the folder is no checkpoint, or its tokenizer has ids the model does not know
     */
    public static Policy load(Path folder) {
        Checkpoint checkpoint = Checkpoint.load(folder, DataType.FLOAT);
        Tokenizer tokenizer = Tokenizer.load(folder);
        int known = checkpoint.config().vocabularySize();
        if (tokenizer.vocabularySize() > known) {
            throw new InputException(folder + ": the tokenizer has " + tokenizer.vocabularySize()
                    + " tokens but the embedding only " + known + " rows; they belong to different models.");
        }
        return new Policy(checkpoint, tokenizer);
    }

    private static Policy fresh(InitSection init, long seed) {
        Tokenizer tokenizer = CharacterTokenizer.of(init.alphabet());
        int eos = tokenizer.eosId().orElseThrow();
        DecoderConfig config = DecoderConfig.builder(ModelFamily.LLAMA)
                .vocabularySize(tokenizer.vocabularySize())
                .width(init.width())
                .feedForward(init.feedForward())
                .layers(init.layers())
                .heads(init.heads())
                .kvHeads(init.kvHeads())
                .headDim(init.width() / init.heads())
                .maxPositionEmbeddings(init.maxPositions())
                .ropeTheta(init.ropeTheta())
                .normEpsilon(init.normEpsilon())
                .tiedEmbeddings(init.tieEmbeddings())
                .bosTokenId(tokenizer.bosId().orElseThrow())
                .eosTokenIds(List.of(eos))
                .otherKeys(Map.of("initializer_range", init.initStd()))
                .build();
        CompanionFiles companions = CompanionFiles.of(tokenizer);
        return new Policy(
                Checkpoint.random(config, Seeds.derive(seed, WEIGHTS), DataType.FLOAT, companions), tokenizer);
    }

    public DecoderConfig config() {
        return checkpoint.config();
    }

    public ParameterStore parameters() {
        return checkpoint.parameters();
    }

    /**
     * Ids that end a completion: the model's own, and those of texts given by the user.
     *
     * @throws InputException if a text is more than one token
     */
    public Set<Integer> stopIds(List<String> texts) {
        Set<Integer> ids = new TreeSet<>(checkpoint.stopIds());
        tokenizer.eosId().ifPresent(ids::add);
        for (String text : texts) {
            int[] tokens = tokenizer.encode(text, false);
            if (tokens.length != 1) {
                throw new InputException("stop text '" + text + "' is " + tokens.length
                        + " tokens with this tokenizer; only single tokens can end a completion.");
            }
            ids.add(tokens[0]);
        }
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
        checkpoint.close();
    }
}
