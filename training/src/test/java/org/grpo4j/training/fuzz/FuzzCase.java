package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One mutated input. The target and the number determine it.
 *
 * @param files of the folder, by name
 * @param mutated the one that was changed
 */
record FuzzCase(FuzzTarget target, long number, Map<String, byte[]> files, String mutated) {

    /** @param seeds of the target */
    static FuzzCase of(FuzzTarget target, List<Map<String, byte[]>> seeds, long number) {
        // Numbers that follow each other would give generators that begin alike.
        Random random = new Random((target.name().hashCode() * 31L + number) * 0x9E3779B97F4A7C15L);
        Map<String, byte[]> files = new LinkedHashMap<>(seeds.get(random.nextInt(seeds.size())));
        List<String> names = new ArrayList<>(files.keySet());
        if (!target.favourites().isEmpty() && random.nextBoolean()) {
            names.retainAll(target.favourites());
        }
        String mutated = names.get(random.nextInt(names.size()));
        files.put(mutated, target.mutate(mutated, files.get(mutated), random));
        return new FuzzCase(target, number, files, mutated);
    }

    long bytes() {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    /** Puts the files into a folder in place of those of an earlier case. */
    void writeTo(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path file : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }
}
