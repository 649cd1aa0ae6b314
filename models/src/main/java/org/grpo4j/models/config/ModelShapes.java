package org.grpo4j.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grpo4j.framework.InputException;

/**
 * The shapes of published models by name, each the {@code config.json} of its Hugging Face repository. Only shapes: the
 * weights are random.
 */
public final class ModelShapes {

    private static final String FILE = "shapes.json";
    private static final JsonNode SHAPES = readAll();

    private ModelShapes() {}

    /** All names, by family and size. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        SHAPES.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * A shape by its name, or the one that a {@code config.json} describes.
     *
     * @param nameOrFile for instance {@code qwen2.5-0.5b}, or the path of a file
     * @throws InputException if it is neither
     */
    public static DecoderConfig of(String nameOrFile) {
        JsonNode shape = SHAPES.get(nameOrFile.toLowerCase(Locale.ROOT));
        if (shape != null) {
            return DecoderConfigReader.parse(shape);
        }
        if (nameOrFile.endsWith(".json") && Files.exists(Path.of(nameOrFile))) {
            return DecoderConfig.read(Path.of(nameOrFile));
        }
        throw new InputException("There is no shape \"" + nameOrFile + "\"; give a config.json or one of "
                + String.join(", ", names()) + ".");
    }

    private static JsonNode readAll() {
        try (InputStream in = ModelShapes.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return DecoderConfigReader.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
