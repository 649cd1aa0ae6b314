package org.grpo4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.InitSection;
import org.grpo4j.training.config.ModelSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.trainer.Policy;

/** Runs that take a second: a policy of two layers and problems like {@code 3+4=}. */
public final class TinyRun {

    private static final String MODEL = """
            model:
              init: {layers: 2, width: 32, heads: 2, kv_heads: 1, feed_forward: 64, max_positions: 64, init_std: 0.2}
            """;

    private TinyRun() {}

    /** Writes problems with answers and solutions to {@code problems.jsonl}. */
    public static Path problems(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            int a = i * 7 % 10;
            int b = i * 3 % 10;
            lines.append("{\"problem\": \"%d+%d=\", \"answer\": \"%d\", \"solution\": \"%d\"}\n"
                    .formatted(a, b, a + b, a + b));
        }
        return Files.writeString(folder.resolve("problems.jsonl"), lines);
    }

    /** Writes the configuration of a reinforcement run whose output is {@code run}, and its problems. */
    public static Path trainFile(Path folder) throws IOException {
        problems(folder);
        // Random policies answer nothing; a reward for the digits 0 to 4 differs between completions.
        return Files.writeString(folder.resolve("train.yaml"), """
                output: %1$s/run
                %2$sdata: {path: %1$s/problems.jsonl}
                rollout: {group_size: 4, prompts_per_step: 4, max_new_tokens: 24}
                rewards: [{name: answer}, {name: format, weight: 0.5, pattern: '[0-4]'}]
                objective: {trace: e-trace, style: both, lambda: 0.99}
                optimiser: {learning_rate: 1e-3}
                training: {steps: 4, optimiser_steps_per_batch: 2, replicas: 2, seed: 7}
                """.formatted(folder, MODEL));
    }

    /** Writes the configuration of a supervised run whose output is {@code run}, and its problems. */
    public static Path sftFile(Path folder) throws IOException {
        problems(folder);
        return Files.writeString(folder.resolve("sft.yaml"), """
                output: %1$s/run
                %2$sdata: {path: %1$s/problems.jsonl}
                optimiser: {learning_rate: 1e-2}
                training: {steps: 6, batch_size: 8, replicas: 2, seed: 7}
                """.formatted(folder, MODEL));
    }

    /**
     * A policy with fresh weights.
     *
     * @param init a section {@code model.init} in YAML
     */
    public static Policy policy(String init) {
        InitSection section = ConfigLoader.parse(init, "test", InitSection.class, List.of());
        return Policy.of(new ModelSection(null, section, null, ModelSection.WeightsType.FLOAT32), 1);
    }

    public static TrainConfig train(Path folder, String... overrides) throws IOException {
        return ConfigLoader.load(trainFile(folder), TrainConfig.class, List.of(overrides));
    }

    public static SftConfig sft(Path folder, String... overrides) throws IOException {
        return ConfigLoader.load(sftFile(folder), SftConfig.class, List.of(overrides));
    }
}
