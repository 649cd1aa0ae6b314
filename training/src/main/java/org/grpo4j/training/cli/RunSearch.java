package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.grpo4j.framework.InputException;

/**
 * The runs below a folder.
 *
 * @param runs in the order of their names
 * @param unreadable folders that could not be searched
 */
record RunSearch(List<RunEntry> runs, List<Path> unreadable) {
    /** Folders below the first that are searched, one in the other. Deeper ones are no place where anybody keeps runs. */
    private static final int DEPTH = 6;

    private static final String METRICS = "metrics.jsonl";
    /** Where a run writes is its own business, and never the same for two. */
    private static final String OUTPUT = "output";

    private static final String ABSENT = "–";

    /**
     * Searches a folder and what lies in it. Links are not followed.
     *
     * @throws InputException if there is no such folder
     */
    static RunSearch below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException("There is no folder " + folder + " to look for runs in.");
        }
        Path root = folder.toRealPath();
        Set<Path> found = new TreeSet<>();
        List<Path> unreadable = new ArrayList<>();
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), DEPTH + 1, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return !directory.equals(root) && holdsNoRun(directory)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().equals(METRICS)) {
                    found.add(root.relativize(file.getParent()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                unreadable.add(folder.resolve(root.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        List<RunEntry> runs = found.stream()
                .map(run -> RunEntry.read(run.toString().isEmpty() ? "." : run.toString(), folder.resolve(run)))
                .toList();
        return new RunSearch(runs, unreadable);
    }

    private static boolean holdsNoRun(Path directory) {
        String name = directory.getFileName().toString();
        return name.startsWith(".")
                || name.startsWith("checkpoint-")
                || name.equals("tensorboard")
                || name.equals("trainer_state");
    }

    /**
     * The keys of the settings in which runs differ. What only one kind of run has, such as a group size, is compared
     * between the runs of that kind.
     */
    Set<String> differing() {
        Map<String, Set<String>> keysOfKind = new HashMap<>();
        Set<String> keys = new LinkedHashSet<>();
        for (RunEntry run : readable()) {
            keysOfKind
                    .computeIfAbsent(run.kind(), kind -> new HashSet<>())
                    .addAll(run.settings().keySet());
            keys.addAll(run.settings().keySet());
        }
        keys.remove(OUTPUT);
        return keys.stream()
                .filter(key -> readable().stream()
                                .filter(run -> keysOfKind
                                        .getOrDefault(run.kind(), Set.of())
                                        .contains(key))
                                .map(run -> run.settings().getOrDefault(key, ABSENT))
                                .distinct()
                                .count()
                        > 1)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<RunEntry> readable() {
        return runs.stream().filter(run -> !run.settings().isEmpty()).toList();
    }
}
