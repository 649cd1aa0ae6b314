package org.grpo4j.training.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.grpo4j.framework.io.FileDigest;
import org.grpo4j.training.TinyRun;

/**
 * A run that is interrupted again and again: small, but with checkpoints of some megabytes after every step, so that many
 * of the moments at which it is hit lie inside the writing of one.
 *
 * @param folder the run's folder
 * @param config its configuration file
 */
record DrillRun(Path folder, Path config) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final int STEPS = 6;

    /** Writes the problems and the configuration of a run of GRPO-λ with two optimiser steps a batch. */
    static DrillRun create(Path place, String name) throws IOException {
        Files.createDirectories(place);
        Path problems = TinyRun.problems(place);
        Path folder = place.resolve(name);
        Path config = Files.writeString(place.resolve(name + ".yaml"), """
                output: %s
                model:
                  init: {layers: 2, width: 128, heads: 4, kv_heads: 2, feed_forward: 256, max_positions: 64, init_std: 0.1}
                data: {path: %s}
                rollout: {group_size: 4, prompts_per_step: 4, max_new_tokens: 16}
                rewards: [{name: answer}, {name: format, weight: 0.5, pattern: '[0-4]'}]
                objective: {preset: grpo-lambda-both}
                optimiser: {learning_rate: 1e-3}
                training: {steps: %d, optimiser_steps_per_batch: 2, replicas: 1, seed: 7}
                checkpoint_every: 1
                """.formatted(folder, problems, STEPS));
        return new DrillRun(folder, config);
    }

    /** Arguments that start the run, or go on with it if it has a checkpoint. */
    List<String> arguments() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "--config", config.toString(), "--quiet"));
        if (canResume()) {
            arguments.addAll(List.of("--resume", folder.toString()));
        }
        return arguments;
    }

    /** The step of the newest checkpoint that shows itself under its own name. */
    OptionalInt checkpoint() throws IOException {
        try (Stream<Path> entries = entries()) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("checkpoint-"))
                    .mapToInt(name -> Integer.parseInt(name.substring("checkpoint-".length())))
                    .max();
        }
    }

    /** Whether something is being written, or was when the process died. */
    boolean isWriting() {
        try (Stream<Path> entries = entries()) {
            return entries.anyMatch(path -> path.getFileName().toString().endsWith(".tmp"));
        } catch (IOException e) {
            return false;
        }
    }

    private Stream<Path> entries() throws IOException {
        return Files.isDirectory(folder) ? Files.list(folder) : Stream.empty();
    }

    /** Whether it has come to its end: the report is the last that it writes. */
    boolean isFinished() {
        return Files.exists(folder.resolve("config.json"))
                && Files.exists(folder.resolve("report.html"))
                && !Files.exists(folder.resolve("checkpoint-" + STEPS));
    }

    /** Whether there is something to go on from. */
    boolean canResume() throws IOException {
        return checkpoint().isPresent() || Files.exists(folder.resolve("config.json"));
    }

    /** What must be the same however often a run was interrupted: weights, optimiser, and the numbers of every step. */
    record Outcome(String weights, String optimiser, List<String> metrics) {}

    Outcome outcome() throws IOException {
        List<String> metrics = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
            ObjectNode step = (ObjectNode) JSON.readTree(line);
            // How long something took is no outcome.
            step.remove(List.of("seconds", "tokens_per_second"));
            metrics.add(step.toString());
        }
        return new Outcome(
                FileDigest.of(folder.resolve("model.safetensors")).sha256(),
                FileDigest.of(folder.resolve("trainer_state/optimiser.safetensors"))
                        .sha256(),
                metrics);
    }
}
