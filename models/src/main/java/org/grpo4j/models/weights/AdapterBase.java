package org.grpo4j.models.weights;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.lora.AdapterFolder;

/** Finds the base model of an adapter on this machine. */
public final class AdapterBase {

    private AdapterBase() {}

    /**
     * The folder that {@code base_model_name_or_path} names, seen from the working directory or else from the adapter.
     *
     * @throws InputException if there is no such folder
     */
    public static Path of(Path adapter) {
        String name = AdapterFolder.baseModel(adapter);
        try {
            for (Path candidate : new Path[] {Path.of(name), adapter.resolve(name)}) {
                if (!name.isEmpty() && Files.isRegularFile(candidate.resolve(Checkpoint.CONFIG_FILE))) {
                    return candidate;
                }
            }
        } catch (InvalidPathException e) {
            throw missing(adapter, name);
        }
        throw missing(adapter, name);
    }

    private static InputException missing(Path adapter, String name) {
        String said = name.isEmpty()
                ? "names no base model"
                : "names the base model \"" + name + "\", which is no folder here";
        return new InputException(adapter.resolve(AdapterFolder.CONFIG) + " " + said
                + "; set base_model_name_or_path to the folder of the base model.");
    }
}
