package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Inputs made by this project's own writers: what they put into a folder, as files in memory. */
final class Seeds {

    private Seeds() {}

    /** Writes into a folder. */
    @FunctionalInterface
    interface Writer {
        void write(Path folder) throws IOException;
    }

    static Map<String, byte[]> writtenBy(Writer writer) throws IOException {
        Path folder = Files.createTempDirectory("fuzz-seed");
        try {
            writer.write(folder);
            return read(folder);
        } finally {
            delete(folder);
        }
    }

    /** A test resource of another module, found from where this class was compiled to. */
    static Path ofModule(String module, String name) throws IOException {
        try {
            Path classes = Path.of(Seeds.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolve("../../../" + module + "/src/test/resources/org/grpo4j/" + module)
                    .resolve(name)
                    .toRealPath();
        } catch (URISyntaxException e) {
            throw new IOException("the tests do not lie in a folder", e);
        }
    }

    private static Map<String, byte[]> read(Path folder) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            // In the order of their names, so that a number always stands for the same case.
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> content = Files.walk(folder)) {
            paths = content.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
