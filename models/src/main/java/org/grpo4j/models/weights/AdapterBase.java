package org.grpo4j.models.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.lora.AdapterFolder;

/** The base model of an adapter, as {@code base_model_name_or_path} names it, on this machine. */
public final class AdapterBase {

    private AdapterBase() {}

    /** Whether a folder is an adapter that brings no model of its own. */
    public static boolean isNeededBy(Path folder) {
        return AdapterFolder.isOne(folder) && !Files.exists(folder.resolve(Checkpoint.CONFIG_FILE));
    }

    /**
     * The folder of the base, seen from the working directory or else from the adapter.
     *
     * @throws InputException if there is no such folder
     */
    public static Path of(Path adapter) {
        String name = AdapterFolder.baseModel(adapter);
        return find(adapter, name)
                .orElseThrow(() -> new InputException(adapter.resolve(AdapterFolder.CONFIG)
                        + (name.isEmpty()
                                ? " names no base model"
                                : " names the base model \"" + name + "\", which is no folder here")
                        + "; set base_model_name_or_path to the folder of the base model."));
    }

    /**
     * Refuses an adapter that says it was trained on another model, if that model is here to tell: equal shapes would not
     * show the difference.
     */
    public static void requireSame(Path adapter, Path base) {
        // What is no adapter is refused with a better sentence when it is loaded.
        String name = AdapterFolder.isOne(adapter) ? AdapterFolder.baseModel(adapter) : "";
        find(adapter, name).ifPresent(named -> {
            if (!same(named, base)) {
                throw new InputException("The adapter in " + adapter + " was trained on " + named + ", not on " + base
                        + "; use it with its own base model, or correct base_model_name_or_path in its "
                        + AdapterFolder.CONFIG + " if the two are the same.");
            }
        });
    }

    private static boolean same(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> find(Path adapter, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (Path candidate : new Path[] {Path.of(name), adapter.resolve(name)}) {
                if (Files.isRegularFile(candidate.resolve(Checkpoint.CONFIG_FILE))) {
                    return Optional.of(candidate);
                }
            }
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
