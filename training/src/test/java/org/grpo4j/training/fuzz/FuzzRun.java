package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The long form: any number of cases, shared out over the targets, in processes of their own. A process that dies or hangs
 * is a failure of the case it was at; another one goes on behind it. {@code scripts/fuzz.sh} calls this.
 */
final class FuzzRun {

    private static final long HANG_SECONDS = 60;
    private static final int MOST_DEATHS = 25;

    private final Path work;
    private final long offset;

    private FuzzRun(Path work, long offset) {
        this.work = work;
        this.offset = offset;
    }

    /** @param args folder to work in, number of cases in all, number of each target's first case, and targets if not all */
    public static void main(String[] args) throws IOException, InterruptedException {
        FuzzRun run = new FuzzRun(Files.createDirectories(Path.of(args[0])), Long.parseLong(args[2]));
        long count = Long.parseLong(args[1]);
        List<String> wanted = Stream.of(args).skip(3).toList();
        wanted.forEach(FuzzRun::requireKnown);
        List<TargetShare> targets = TargetShare.all().stream()
                .filter(share ->
                        wanted.isEmpty() || wanted.contains(share.target().name()))
                .toList();
        int percent = targets.stream().mapToInt(TargetShare::percent).sum();
        System.out.printf(
                "%-12s %8s %9s %9s %8s %14s %12s %9s%n",
                "loader", "files", "accepted", "refused", "failed", "native MB > 2x", "heap / file", "slowest");
        Tally all = new Tally();
        for (TargetShare share : targets) {
            long cases = count * share.percent() / percent;
            Tally tally = run.run(share.target().name(), cases);
            print(share.target().name(), tally);
            all.add(tally);
        }
        print("all", all);
        System.exit(all.failed == 0 ? 0 : 1);
    }

    private static void requireKnown(String name) {
        try {
            TargetShare.named(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Tally run(String target, long cases) throws IOException, InterruptedException {
        Tally sum = new Tally();
        long end = offset + cases;
        long next = offset;
        for (int deaths = 0; next < end && deaths < MOST_DEATHS; deaths++) {
            Path folder = work.resolve(target);
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(FuzzWorker.TALLY));
            String death = work(target, next, end, folder);
            Tally tally = Tally.read(folder.resolve(FuzzWorker.TALLY));
            sum.add(tally);
            if (death.isEmpty()) {
                return sum;
            }
            sum.failed++;
            System.out.println(target + " " + tally.current + ": the process " + death);
            next = tally.current + 1;
        }
        return sum;
    }

    /** Runs cases in another JVM; how that ended, or nothing if as it should. */
    private static String work(String target, long first, long end, Path folder)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A heap that never grows, so that what grows is outside of it.
        command.addAll(List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash"));
        command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--add-opens=java.base/java.nio=ALL-UNNAMED"));
        command.addAll(List.of("-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true"));
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxbytes=1G", "-Dorg.bytedeco.javacpp.maxphysicalbytes=4G"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FuzzWorker.class.getName()));
        command.addAll(List.of(target, Long.toString(first), Long.toString(end), folder.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(folder.resolve("stderr.log").toFile())
                .start();
        try {
            long seen = -1;
            while (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
                long at = Tally.read(folder.resolve(FuzzWorker.TALLY)).current;
                if (at == seen) {
                    return "hung for " + HANG_SECONDS + " s";
                }
                seen = at;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        int status = process.exitValue();
        return status == 0 ? "" : "ended with status " + status + ": " + reason(folder.resolve("stderr.log"));
    }

    private static String reason(Path errors) throws IOException {
        List<String> telling = Files.readAllLines(errors).stream()
                .filter(line -> line.contains("panicked") || line.contains("Error") || line.contains("SIG"))
                .toList();
        return telling.isEmpty() ? "see " + errors : telling.get(telling.size() - 1);
    }

    private static void print(String name, Tally tally) {
        System.out.printf(
                Locale.ROOT,
                "%-12s %8d %9d %9d %8d %14.1f %12d %6d ms%n",
                name,
                tally.tried(),
                tally.accepted,
                tally.refused,
                tally.failed,
                tally.nativeBytes / 1048576.0,
                tally.heapFactor,
                tally.slowestMilliseconds);
    }
}
