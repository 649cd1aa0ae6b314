package org.grpo4j.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the checkpoints of the tests lie. */
public final class Fixtures {

    private Fixtures() {}

    /** A small random checkpoint in the repository. */
    public static Path checkpoint(String name) {
        return Path.of("src/test/resources/checkpoints", name);
    }

    /** A folder of the fixtures outside the repository; the test is skipped if they are absent. */
    public static Path shared(String name) {
        Path folder =
                Path.of(System.getProperty("grpo4j.shared", "../../shared")).resolve(name);
        assumeTrue(
                Files.isDirectory(folder),
                () -> "skipped: there is no " + folder.toAbsolutePath().normalize()
                        + "; point -Dgrpo4j.shared at the shared fixtures");
        return folder;
    }

    public static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
