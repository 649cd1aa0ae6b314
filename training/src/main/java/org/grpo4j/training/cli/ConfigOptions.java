package org.grpo4j.training.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.config.ConfigLoader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options {@code --config} and {@code --set}, as a {@link Mixin}. */
final class ConfigOptions {

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The run's configuration, in YAML.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key, such as training.steps=100; may be repeated.")
    private List<String> overrides = new ArrayList<>();

    <T extends Record> T load(Class<T> type) {
        return ConfigLoader.load(file, type, overrides);
    }
}
