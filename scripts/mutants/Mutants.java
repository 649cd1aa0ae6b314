import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Mutation check of the laws. Every mutant of the list is one replacement in one source file; the changed class is
 * compiled into memory, and the laws run with it in a class loader of its own, so that ND4J is loaded only once.
 */
public final class Mutants {

    private static final Path TRAINING = Path.of("training/src/main/java/org/grpo4j/training/objective");
    private static final Path FRAMEWORK = Path.of("framework/src/main/java/org/grpo4j/framework");

    private static final String OBJECTIVE = "org.grpo4j.training.objective.";

    /** Whose laws are asked, in this order, until one notices. The first ones speak of the file itself. */
    private static final Map<String, List<String>> LAWS = Map.of(
            "Advantages", List.of(OBJECTIVE + "AdvantagesProperties"),
            "EligibilityTrace", List.of("org.grpo4j.framework.op.EligibilityTraceProperties"),
            "TraceProduct", List.of("org.grpo4j.framework.op.EligibilityTraceProperties"),
            "TraceBody", List.of("org.grpo4j.framework.op.EligibilityTraceProperties"),
            "TraceKernel", List.of("org.grpo4j.framework.kernel.TraceKernelProperties"),
            "SurrogateTerm", ofTheLoss("Surrogate", "Gradient", "Objective", "Invariance", "Metrics"),
            "KlEstimator", ofTheLoss("Surrogate", "Gradient"),
            "GeneralisedAdvantages", List.of(OBJECTIVE + "GeneralisedAdvantagesProperties"),
            "ValueLoss", List.of(OBJECTIVE + "ValueLossTest"));

    private static final List<String> LAWS_OF_THE_LOSS =
            ofTheLoss("Gradient", "Invariance", "Objective", "Surrogate", "TokenSwitch", "Metrics");

    private static List<String> ofTheLoss(String... names) {
        return Stream.of(names).map(name -> OBJECTIVE + name + "Properties").toList();
    }

    /** Where a compiled project is, first what is tested. */
    private static final List<String> CLASSES = Stream.of("framework", "models", "datasets", "training")
            .flatMap(module -> Stream.of(module + "/target/classes/", module + "/target/test-classes/"))
            .toList();

    /** A line of the list: {@code name | file | text that occurs once | what takes its place}. */
    private record Mutant(String name, String file, String before, String after) {
        static Mutant parse(String line) {
            String[] parts = line.split(" \\| ", -1);
            if (parts.length != 4) {
                throw new IllegalArgumentException("a mutant has four parts, separated by ' | ', but this has "
                        + parts.length + ": " + line);
            }
            return new Mutant(parts[0].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip());
        }

        String className() {
            return file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
        }

        Path source() {
            return (file.contains("/") ? FRAMEWORK : TRAINING).resolve(file);
        }

        List<String> laws() {
            return LAWS.getOrDefault(className(), LAWS_OF_THE_LOSS);
        }

        /** The mutated source, or null if the text is not there exactly once; line breaks count as spaces. */
        String mutated() throws IOException {
            String text = Files.readString(source());
            String anyBreak = Pattern.quote(before).replace(" ", "\\E\\s+\\Q");
            List<MatchResult> found = Pattern.compile(anyBreak).matcher(text).results().toList();
            if (found.size() != 1) {
                return null;
            }
            return text.substring(0, found.get(0).start()) + after + text.substring(found.get(0).end());
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<String> words = Arrays.asList(arguments).subList(1, arguments.length);
        List<Mutant> mutants = Files.readAllLines(Path.of(arguments[0])).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Mutant::parse)
                .filter(m -> words.isEmpty() || words.stream().anyMatch(w -> m.name.contains(w) || m.file.contains(w)))
                .toList();
        Logger.getLogger("").setLevel(Level.SEVERE);
        List<String> all = mutants.stream()
                .flatMap(mutant -> mutant.laws().stream())
                .distinct()
                .toList();
        List<String> broken = failures(all, Map.of());
        if (!broken.isEmpty()) {
            System.err.println("These laws fail without any mutant, so nothing can be told: " + broken);
            System.exit(2);
        }
        int survived = 0;
        int stale = 0;
        System.out.println("| file | mutant | laws that failed |\n|---|---|---|");
        for (Mutant mutant : mutants) {
            String source = mutant.mutated();
            String outcome;
            if (source == null) {
                stale++;
                outcome = "STALE: `" + mutant.before + "` does not occur once in the source";
            } else {
                Map<String, byte[]> compiled = compile(mutant.source(), source);
                List<String> failed = List.of();
                for (String laws : mutant.laws()) {
                    failed = failed.isEmpty() ? failures(List.of(laws), compiled) : failed;
                }
                survived += failed.isEmpty() ? 1 : 0;
                outcome = failed.isEmpty() ? "SURVIVED" : String.join(", ", failed);
            }
            System.out.println("| " + mutant.className() + " | " + mutant.name + " | " + outcome + " |");
            System.out.flush();
        }
        System.err.printf("%d mutants: %d caught, %d survived, %d stale%n",
                mutants.size(), mutants.size() - survived - stale, survived, stale);
        System.exit(stale > 0 ? 2 : survived > 0 ? 1 : 0);
    }

    /** Names of the laws that fail with some classes replaced. */
    private static List<String> failures(List<String> laws, Map<String, byte[]> replaced) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String folder : CLASSES) {
            urls.add(Path.of(folder).toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new Replacing(urls.toArray(URL[]::new), replaced)) {
            thread.setContextClassLoader(loader);
            LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                    // The least failing case is of no interest here, and seeds of old failures would be tried first.
                    .configurationParameter("jqwik.shrinking.default", "OFF")
                    .configurationParameter("jqwik.database", "");
            for (String name : laws) {
                request.selectors(selectClass(loader.loadClass(name)));
            }
            return run(request.build());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** What jqwik prints about failures is swallowed; their names are the result. */
    private static List<String> run(LauncherDiscoveryRequest request) {
        TreeSet<String> failed = new TreeSet<>();
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            Launcher launcher = LauncherFactory.create();
            launcher.execute(request, new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                        failed.add(test.getDisplayName());
                    }
                }
            });
        } finally {
            System.setOut(out);
        }
        return new ArrayList<>(failed);
    }

    /** Loads the project's classes anew, some of them from memory, and everything else from its parent. */
    private static final class Replacing extends URLClassLoader {
        private final Map<String, byte[]> replaced;

        Replacing(URL[] urls, Map<String, byte[]> replaced) {
            super(urls, Mutants.class.getClassLoader());
            this.replaced = replaced;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = replaced.get(name);
            return code == null ? super.findClass(name) : defineClass(name, code, 0, code.length);
        }
    }

    private static Map<String, byte[]> compile(Path file, String source) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null);
                InMemory memory = new InMemory(standard)) {
            List<Path> classPath = new ArrayList<>(CLASSES.stream().map(Path::of).toList());
            Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                    .map(Path::of)
                    .forEach(classPath::add);
            standard.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            JavaFileObject unit = new SimpleJavaFileObject(
                    URI.create("memory:///" + file.getFileName()), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
            List<String> options = List.of("--release", "17", "-parameters", "-proc:none");
            if (!compiler.getTask(null, memory, problems, options, null, List.of(unit)).call()) {
                String text = problems.getDiagnostics().stream().map(Object::toString).collect(Collectors.joining("\n"));
                throw new IllegalStateException("the mutant of " + file + " does not compile:\n" + text);
            }
            return memory.classes();
        }
    }

    /** Keeps class files in memory. */
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> files = new HashMap<>();

        InMemory(StandardJavaFileManager standard) {
            super(standard);
        }

        Map<String, byte[]> classes() {
            return files.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return files.computeIfAbsent(name, unused -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
