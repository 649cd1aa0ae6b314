package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.lora.LoraConfig;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.trainer.MicroBatch.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What training a model would take in each of the usual ways, found out from its shape alone: plans are laid out over
 * parameters without numbers.
 *
 * @param mode how it is trained
 * @param weightsType type of the frozen matrices, and of the others where nothing is frozen
 * @param trained parameters that train
 * @param weights bytes of all parameters
 * @param state bytes of gradients and of AdamW's two moments
 * @param activations bytes of the activations of one micro-batch a replica
 * @param recomputed the same with activation checkpointing
 */
public record TrainingMemory(
        String mode, DataType weightsType, long trained, long weights, long state, long activations, long recomputed) {

    /** What {@code tuning.lora} is by default. */
    private static final LoraConfig LORA = new LoraConfig(16, 32, 0, Set.copyOf(LoraConfig.PROJECTIONS), false);

    /** Gradient, mean and mean square. */
    private static final int ARRAYS_OF_STATE = 3;

    /** Layers that are laid out of a deeper model: every further one takes what the one before it took. */
    private static final int FEW_LAYERS = 4;

    private static final int MORE_LAYERS = 6;

    /**
     * All ways.
     *
     * @param tokens of a micro-batch
     * @param length tokens of a sequence, half of them prompt
     * @param replicas micro-batches worked on at a time
     */
    public static List<TrainingMemory> of(DecoderConfig config, int tokens, int length, int replicas) {
        Shape shape = new Shape(Math.max(1, tokens / length), length, Math.max(1, length / 2));
        List<TrainingMemory> modes = new ArrayList<>();
        int last = Math.min(2, config.layers());
        modes.addAll(of(new Mode("full", null, Integer.MAX_VALUE), config, shape, replicas));
        modes.addAll(of(new Mode("last " + last + " layers", null, last), config, shape, replicas));
        modes.addAll(of(new Mode("LoRA rank " + LORA.rank(), LORA, 0), config, shape, replicas));
        return modes;
    }

    private static List<TrainingMemory> of(Mode mode, DecoderConfig config, Shape shape, int replicas) {
        long activations = replicas * mode.activations(config, shape, false);
        long recomputed = replicas * mode.activations(config, shape, true);
        boolean freezes = mode.lastLayers < config.layers();
        List<TrainingMemory> types = new ArrayList<>();
        for (DataType type : freezes ? List.of(DataType.FLOAT, DataType.BFLOAT16) : List.of(DataType.FLOAT)) {
            Trainable trainable = mode.trainable(config, type);
            ParameterStore trained = trainable.parameters();
            LoraAdapter adapter = trainable.model().adapter();
            types.add(new TrainingMemory(
                    mode.name,
                    type,
                    trained.parameterCount(),
                    trainable.model().parameters().bytes()
                            + (adapter == null ? 0 : adapter.parameters().bytes()),
                    ARRAYS_OF_STATE * trained.bytes(),
                    activations,
                    recomputed));
        }
        return types;
    }

    /**
     * A way to train.
     *
     * @param lora the adapter that trains, or null
     * @param lastLayers that train if no adapter does; more than there are for everything
     */
    private record Mode(String name, @Nullable LoraConfig lora, int lastLayers) {

        Trainable trainable(DecoderConfig config, DataType frozen) {
            Map<String, long[]> shapes = config.parameterShapes();
            Set<String> training = lora == null ? TrainedNames.ofLast(lastLayers, config) : Set.of();
            ParameterStore parameters = ParameterStore.withoutNumbers(
                    DataType.FLOAT,
                    shapes,
                    name -> isMatrix(shapes, name) && !training.contains(name) ? frozen : DataType.FLOAT);
            if (lora == null) {
                return new Trainable(new DecoderModel(config, parameters, null), parameters.only(training));
            }
            ParameterStore low = ParameterStore.withoutNumbers(
                    DataType.FLOAT, LoraAdapter.shapes(lora, config), name -> DataType.FLOAT);
            return Trainable.of(new DecoderModel(config, parameters, new LoraAdapter(lora, low, "")));
        }

        private static boolean isMatrix(Map<String, long[]> shapes, String name) {
            long[] shape = shapes.get(name);
            return shape != null && shape.length == 2;
        }

        long activations(DecoderConfig config, Shape shape, boolean checkpointing) {
            if (config.layers() <= MORE_LAYERS) {
                return measured(config, shape, checkpointing);
            }
            long few = measured(config.toBuilder().layers(FEW_LAYERS).build(), shape, checkpointing);
            long more = measured(config.toBuilder().layers(MORE_LAYERS).build(), shape, checkpointing);
            return few + (config.layers() - FEW_LAYERS) * (more - few) / (MORE_LAYERS - FEW_LAYERS);
        }

        private long measured(DecoderConfig config, Shape shape, boolean checkpointing) {
            MicroBatching batching = new MicroBatching(shape.rows() * shape.time(), checkpointing);
            return PolicyUpdate.spec(trainable(config, DataType.FLOAT), ObjectiveConfig.grpo(), null, null, 1, batching)
                    .activationBytes(shape);
        }
    }
}
