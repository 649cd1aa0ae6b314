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
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.models.weights.AdapterBase;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.grpo4j.models.weights.WeightStorage;
import org.grpo4j.training.config.InitSection;
import org.grpo4j.training.config.LoraSection;
import org.grpo4j.training.config.ModelSection;
import org.grpo4j.training.config.TuningSection;
import org.jspecify.annotations.Nullable;
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

    private static final long ADAPTER = 2;

    /** {@link #of(ModelSection, TuningSection, long)} of which everything trains. */
    public static Policy of(ModelSection model, long seed) {
        return of(model, new TuningSection(null, null), seed);
    }

    /** Loads or makes the policy that a configuration describes, with a fresh adapter if it asks for one. */
    public static Policy of(ModelSection model, TuningSection tuning, long seed) {
        Path path = model.path();
        Policy policy = path != null ? load(path, model.adapter(), storage(model, tuning)) : fresh(model, seed);
        LoraSection lora = tuning.lora();
        boolean done = false;
        try {
            Policy tuned = lora == null ? policy : policy.withAdapter(lora, path, seed);
            tuned.trainable(tuning);
            done = true;
            return tuned;
        } finally {
            if (!done) {
                policy.close();
            }
        }
    }

    private static Policy fresh(ModelSection model, long seed) {
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
        return load(folder, null, WeightStorage.WIDE);
    }

    /** The frozen matrices in the type that the configuration wants; those that train, or may, in FLOAT. */
    private static WeightStorage storage(ModelSection model, TuningSection tuning) {
        Integer lastLayers = tuning.lastLayers();
        WeightStorage storage = model.weightsDtype().storage();
        if (model.path() == null || lastLayers == null) {
            return storage;
        }
        Path folder = model.path();
        Path base = AdapterBase.isNeededBy(folder) ? AdapterBase.of(folder) : folder;
        Checkpoint.requireModelFolder(base);
        DecoderConfig config = DecoderConfig.read(base.resolve("config.json"));
        return storage.training(TrainedNames.ofLast(lastLayers, config)::contains);
    }

    /**
     * Loads a checkpoint folder to be used or trained.
     *
     * @param adapter folder of an adapter of the model, or null
     * @param storage which matrices stay narrow in memory and cannot train
     */
    public static Policy load(Path folder, @Nullable Path adapter, WeightStorage storage) {
        Checkpoint model = Checkpoint.load(folder, DataType.FLOAT, storage);
        Checkpoint checkpoint = adapter == null ? model : model.withAdapter(adapter, folder);
        Tokenizer tokenizer = null;
        boolean done = false;
        try {
            tokenizer = Tokenizer.of(checkpoint.companions().contents(), folder.toString());
            requireSameVocabulary(tokenizer, checkpoint.config(), folder.toString());
            done = true;
            return new Policy(checkpoint, tokenizer);
        } finally {
            if (!done) {
                checkpoint.close();
                if (tokenizer != null) {
                    tokenizer.close();
                }
            }
        }
    }

    /**
     * Refuses a tokenizer with ids that a model does not know. An embedding with more rows than the tokenizer has tokens
     * is usual: its size is rounded up.
     *
     * @param where the two come from, for the message
     */
    public static void requireSameVocabulary(Tokenizer tokenizer, DecoderConfig config, String where) {
        if (tokenizer.vocabularySize() > config.vocabularySize()) {
            throw new InputException(where + ": the tokenizer has " + tokenizer.vocabularySize()
                    + " tokens but the embedding only " + config.vocabularySize()
                    + " rows; they belong to different models, so put the model's own tokenizer files there.");
        }
    }

    private Policy withAdapter(LoraSection lora, @Nullable Path path, long seed) {
        if (path == null) {
            throw new InputException("tuning.lora needs model.path: an adapter is saved without its base model, so that"
                    + " must be a folder.");
        }
        if (checkpoint.adapter() != null) {
            throw new InputException(
                    "The model has an adapter already, which tuning.lora would replace; leave tuning.lora out to go on"
                            + " training the adapter, or merge it first with grpo4j convert.");
        }
        String base = path.toAbsolutePath().normalize().toString();
        LoraAdapter adapter = LoraAdapter.random(
                lora.config(config()),
                config(),
                base,
                Seeds.derive(seed, ADAPTER),
                parameters().dataType());
        return new Policy(checkpoint.withAdapter(adapter), tokenizer);
    }

    /**
     * What trains.
     *
     * @throws InputException if the model has not so many layers, or an adapter although layers shall train
     */
    public Trainable trainable(TuningSection tuning) {
        Integer lastLayers = tuning.lastLayers();
        if (lastLayers == null) {
            Trainable all = Trainable.of(model());
            if (all.parameters().names().stream().anyMatch(all.parameters()::isNarrow)) {
                throw new InputException(
                        "model.weights_dtype is for weights that do not train, but everything trains; set"
                                + " tuning.lora or tuning.last_layers, or weights_dtype: float32.");
            }
            return all;
        }
        if (checkpoint.adapter() != null) {
            throw new InputException(
                    "The model has an adapter, so its layers cannot train by tuning.last_layers; merge the"
                            + " adapter first with grpo4j convert.");
        }
        if (lastLayers > config().layers()) {
            throw new InputException("tuning.last_layers is " + lastLayers + ", but the model has only "
                    + config().layers() + " layers.");
        }
        return new Trainable(model(), parameters().only(TrainedNames.ofLast(lastLayers, config())));
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

    /** What the log-probabilities are computed with, the adapter included. */
    public DecoderModel model() {
        return checkpoint.model();
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
