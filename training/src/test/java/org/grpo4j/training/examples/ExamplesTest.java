package org.grpo4j.training.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code examples/} as a user has them: compiled against the program, run, short, and explained. */
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final int MOST_LINES = 60;

    @TempDir
    static Path classes;

    @TempDir
    Path output;

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .sorted()
                    .toList();
        }
    }

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        String classPath = System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", File.pathSeparator));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources = names().stream()
                    .map(name -> EXAMPLES.resolve(name + ".java"))
                    .toList();
            List<String> options = List.of(
                    "--release",
                    "17",
                    "-Xlint:all,-classfile",
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    classPath);
            boolean compiled = compiler.getTask(
                            problems, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(problems.toString()).isTrue();
        }
    }

    /** Enough steps for the reward, at least one eighth by chance, to be clearly above that of the untrained policy. */
    @ParameterizedTest
    @MethodSource("names")
    void everyExampleRunsAndItsRewardRises(String name) throws Exception {
        List<Double> rewards = rewards(run(name, 12));
        assertThat(rewards).hasSize(12);
        double start = rewards.get(0);
        double end = (rewards.get(9) + rewards.get(10) + rewards.get(11)) / 3;
        assertThat(end)
                .as("mean reward of the last steps of %s, from %s", rewards, start)
                .isGreaterThan(start + 0.1);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyExampleIsShortAndExplained(String name) throws IOException {
        assertThat(Files.readAllLines(EXAMPLES.resolve(name + ".java"))).hasSizeLessThan(MOST_LINES);
        assertThat(Files.readString(EXAMPLES.resolve("README.md"))).contains(name + ".java");
    }

    @Test
    void thereIsOneOfEachKind() throws IOException {
        assertThat(names()).contains("OwnPolicy", "OwnReward", "OwnLoss");
    }

    private String run(String name, int steps) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ExamplesTest.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {output.resolve("run").toString(), Integer.toString(steps)});
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static List<Double> rewards(String printed) {
        return Pattern.compile("reward ([0-9.]+)")
                .matcher(printed)
                .results()
                .map(match -> Double.parseDouble(match.group(1)))
                .toList();
    }
}
