package org.grpo4j.training.fuzz;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;

/** Configurations of runs. One that is accepted must come out the same when it is written and read again. */
final class ConfigTarget implements FuzzTarget {

    private static final String TRAIN = """
            output: runs/one
            model:
              path: checkpoints/start
              weights_dtype: bfloat16
            tuning:
              lora: {rank: 16, alpha: 32, dropout: 0.1, target_modules: [q_proj, v_proj]}
            data:
              path: data/train   # problems
              prompt_template: "{problem}\\nAnswer: "
              limit: 100
            evaluation:
              data: {path: held/out, offset: 3}
              samples: 2
            rollout:
              prompts_per_step: 2
              group_size: 4
              max_new_tokens: 64
              temperature: 0.9
              stop: ["\\n", "end"]
            objective: {trace: e-trace, lambda: 0.99, beta: 0.01, clip_low: 0.2}
            reference:
              sync_every: 4
              mixing: 0.5
            rewards:
              - {name: answer, weight: 1.0}
              - name: format
                weight: 0.1
                pattern: '[qz]'
            optimiser:
              learning_rate: 1e-4
              schedule: cosine
              warmup_steps: 3
            training:
              steps: 5
              seed: 7
            checkpoint_every: 2
            """;

    private static final String PRESET = """
            output: runs/two
            model: {init: {width: 32, layers: 2, heads: 2, kv_heads: 1, feed_forward: 64}}
            data: {path: "benchmark:gsm8k"}
            rollout: {group_size: 2}
            objective: {preset: dapo, gamma: 0.9}
            optimiser: {learning_rate: 0.001}
            training: {steps: 1}
            """;

    private static final String SFT = """
            output: runs/three
            model: {path: a}
            data:
              path: b
              completion_template: '{solution} #### {answer}'
            optimiser: {learning_rate: 3.0e-5}
            training: {steps: 10}
            eval_every: 5
            """;

    @Override
    public String name() {
        return "config";
    }

    @Override
    public List<Map<String, byte[]>> seeds() {
        return List.of(
                Map.of("train.yaml", bytes(TRAIN)),
                Map.of("train.yaml", bytes(PRESET)),
                Map.of("sft.yaml", bytes(SFT)));
    }

    @Override
    public byte[] mutate(String file, byte[] content, Random random) {
        return TextMutator.mutate(content, random);
    }

    @Override
    public void load(Path folder) {
        Path train = folder.resolve("train.yaml");
        if (train.toFile().exists()) {
            load(train, TrainConfig.class);
        } else {
            load(folder.resolve("sft.yaml"), SftConfig.class);
        }
    }

    private static <T extends Record> void load(Path file, Class<T> type) {
        T config = ConfigLoader.load(file, type, List.of());
        T again;
        try {
            again = ConfigLoader.parse(ConfigYaml.write(config), "what was written", type, List.of());
        } catch (RuntimeException e) {
            throw new AssertionError("what was accepted is refused when it is written", e);
        }
        if (!again.equals(config)) {
            throw new AssertionError("written and read again " + config + " is " + again);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
