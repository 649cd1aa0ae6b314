package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;

/**
 * One file of arrays that a checkpoint keeps in {@code trainer_state/} beside the weights. What a run needs to go on bit
 * for bit is a list of these and its {@link RunState}.
 *
 * @param file name of the file
 * @param writer writes it
 * @param reader takes its numbers up
 * @param ifMissing what to tell the user about a checkpoint without it
 */
record StatePart(String file, Writer writer, Reader reader, String ifMissing) {

    /** Writes a file that does not exist yet. */
    @FunctionalInterface
    interface Writer {
        void write(Path file) throws IOException;
    }

    /** Reads a file that exists. */
    @FunctionalInterface
    interface Reader {
        void read(Path file);
    }

    /** Moments and step count of an optimiser. */
    static StatePart of(String file, Optimiser optimiser) {
        return new StatePart(file, optimiser::save, optimiser::load, "the checkpoint is damaged");
    }

    /** Parameters that are not part of the model, such as those of a reference that moves. */
    static StatePart of(String file, ParameterStore parameters, String ifMissing) {
        return new StatePart(
                file,
                path -> SafetensorsWriter.write(path, parameters, TensorType.lossless(parameters.dataType())),
                path -> read(path, parameters),
                ifMissing);
    }

    private static void read(Path path, ParameterStore parameters) {
        try (SafetensorsFile saved = SafetensorsFile.open(path)) {
            parameters.names().forEach(name -> saved.readInto(name, parameters.get(name)));
        }
    }

    void writeInto(Path state) throws IOException {
        writer.write(state.resolve(file));
    }

    /** @throws InputException if the file is not there */
    void readFrom(Path state) {
        Path path = state.resolve(file);
        if (!Files.exists(path)) {
            throw new InputException("There is no " + path + ": " + ifMissing + ".");
        }
        reader.read(path);
    }
}
