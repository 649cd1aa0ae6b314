package org.grpo4j.training.drill;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.grpo4j.framework.io.AtomicFolder;
import org.jspecify.annotations.Nullable;

/**
 * Does to runs what machines do to them, and looks whether anything is lost: processes are killed at random moments, asked
 * to end, run out of disk, and find their checkpoints damaged. Every run is then taken up again until it is finished, and
 * must end with the bits of a run that nobody disturbed.
 *
 * <p>The short form is a part of the tests; {@code scripts/drill.sh} runs the long one.
 */
final class FaultDrill {
    /** So that most runs are hit more than once and all come to an end. */
    private static final int KILLS_A_RUN = 5;

    /** Runs that may be over too soon for each that is hit. */
    private static final int PATIENCE = 5;

    private final Path place;
    private final Random random;
    private final DrillRun.Outcome undisturbed;
    private final long duration;
    private int runs;
    private @Nullable DrillRun interrupted;

    /** What a series has done. All its failures are exceptions, so there is nothing else to count. */
    record Tally(int moments, int whileWriting, int resumed, int runs) {
        @Override
        public String toString() {
            return moments + " moments (" + whileWriting + " while a checkpoint was written), " + resumed + " resumes, "
                    + runs + " runs finished with the bits of the undisturbed one";
        }
    }

    /** Runs once without disturbance: what all others have to equal. */
    FaultDrill(Path place, long seed) throws IOException, InterruptedException {
        this.place = place;
        this.random = new Random(seed);
        DrillRun run = DrillRun.create(place, "undisturbed");
        long start = System.nanoTime();
        finish(run);
        this.duration = (System.nanoTime() - start) / 1_000_000;
        this.undisturbed = run.outcome();
        require(undisturbed.metrics().size() == DrillRun.STEPS, "the undisturbed run has not all its steps");
    }

    /** SIGKILL at random moments of the run, half of them as soon as a checkpoint is being written. */
    Tally kills(int wanted) throws IOException, InterruptedException {
        int kills = 0;
        int writing = 0;
        int resumed = 0;
        int finished = 0;
        while (kills < wanted) {
            DrillRun run = next();
            for (int hits = 0; hits < KILLS_A_RUN && kills < wanted; ) {
                OptionalInt before = run.checkpoint();
                resumed += before.isPresent() ? 1 : 0;
                RunProcess process = start(run);
                waitForAMoment(run, process);
                if (!process.isAlive()) {
                    require(process.await() == 0, "a run that nobody killed failed: " + process.output());
                    break;
                }
                process.kill();
                hits++;
                kills++;
                writing += run.isWriting() ? 1 : 0;
                requireNotBehind(run, before);
                startOverIfEmpty(run);
                if (run.isFinished()) {
                    break;
                }
            }
            resumed += run.checkpoint().isPresent() ? 1 : 0;
            finishAndCompare(run);
            finished++;
        }
        return new Tally(kills, writing, resumed, finished);
    }

    /** SIGTERM at random moments: the run writes a checkpoint, says how to go on, and ends well. */
    Tally terminations(int wanted) throws IOException, InterruptedException {
        int moments = 0;
        int writing = 0;
        int finished = 0;
        while (moments < wanted) {
            require(finished < PATIENCE * wanted, "runs are over before they can be asked to end");
            DrillRun run = next();
            RunProcess process = start(run);
            while (process.isAlive() && run.checkpoint().isEmpty()) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt((int) duration / 4));
            boolean wasWriting = run.isWriting();
            process.terminate();
            int code = process.await();
            require(code == 0, "SIGTERM ended a run with " + code + ": " + process.output());
            if (!run.isFinished()) {
                moments++;
                writing += wasWriting ? 1 : 0;
                require(process.output().contains("--resume"), "nothing said how to go on: " + process.output());
                require(!run.isWriting(), "a temporary file is left behind");
            }
            finishAndCompare(run);
            finished++;
        }
        return new Tally(moments, writing, moments, finished);
    }

    /** The newest checkpoint loses its tail, or one bit turns: the run goes on from the one before. */
    Tally damages(int wanted) throws IOException, InterruptedException {
        DrillRun run = interrupted();
        int newest = run.checkpoint().orElseThrow();
        List<Path> files;
        try (Stream<Path> all = Files.walk(run.folder().resolve("checkpoint-" + newest))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (int i = 0; i < wanted; i++) {
            DrillRun copy = copyOf(run);
            Path victim = copy.folder().resolve(run.folder().relativize(files.get(i % files.size())));
            damage(victim, i / files.size() % 2 == 0);
            RunProcess process = start(copy);
            require(process.await() == 0, "a damaged " + victim + " was not survived: " + process.output());
            require(
                    process.output().contains("checkpoint-" + newest),
                    "nothing was said of the damaged " + victim + ": " + process.output());
            compare(copy);
        }
        return new Tally(wanted, 0, wanted, wanted);
    }

    private void damage(Path file, boolean truncate) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long at = random.nextLong(Math.max(1, open.length()));
            if (truncate) {
                open.setLength(at);
                return;
            }
            open.seek(at);
            int value = open.read();
            open.seek(at);
            open.write(value ^ 1 << random.nextInt(8));
        }
    }

    /**
     * No file may grow beyond a size, as if the disk were full: the run ends with one sentence, nothing half-written stays,
     * and what was there before is untouched.
     */
    Tally fullDisk() throws IOException, InterruptedException {
        DrillRun run = copyOf(interrupted());
        int before = run.checkpoint().orElseThrow();
        RunProcess process = RunProcess.start(said(run), "ulimit -f 700", run.arguments());
        int code = process.await();
        require(code == 1, "a full disk ended a run with " + code + ": " + process.output());
        long sentences = process.output()
                .lines()
                .filter(line -> line.startsWith("grpo4j: "))
                .count();
        require(sentences == 1, "a full disk is told in one sentence, not so: " + process.output());
        require(!run.isWriting(), "a temporary file is left behind");
        require(run.checkpoint().orElseThrow() == before, "the last checkpoint is not the one of before");
        finishAndCompare(run);
        return new Tally(1, 1, 1, 1);
    }

    /** A run that was killed when it had some checkpoints, to be copied; always the same. */
    private DrillRun interrupted() throws IOException, InterruptedException {
        DrillRun known = interrupted;
        if (known != null) {
            return known;
        }
        DrillRun run = next();
        RunProcess process = start(run);
        while (process.isAlive() && run.checkpoint().orElse(0) < 3) {
            Thread.sleep(1);
        }
        process.kill();
        require(!run.isFinished(), "the run was too fast to be interrupted: " + process.output());
        interrupted = run;
        return run;
    }

    private DrillRun next() throws IOException {
        return DrillRun.create(place, "run-" + runs++);
    }

    private DrillRun copyOf(DrillRun run) throws IOException {
        DrillRun copy = next();
        try (Stream<Path> all = Files.walk(run.folder())) {
            for (Path from : (Iterable<Path>) all::iterator) {
                Files.copy(from, copy.folder().resolve(run.folder().relativize(from)));
            }
        }
        return copy;
    }

    private Path said(DrillRun run) {
        return place.resolve(run.folder().getFileName() + ".out");
    }

    private RunProcess start(DrillRun run) throws IOException {
        return RunProcess.start(said(run), run.arguments());
    }

    private void waitForAMoment(DrillRun run, RunProcess process) throws InterruptedException {
        long end = System.nanoTime() + random.nextInt((int) duration) * 1_000_000L;
        boolean atWriting = random.nextBoolean();
        while (process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        // From here on the next checkpoint is waited for; somewhere in its some milliseconds the run is hit.
        while (atWriting && process.isAlive() && !run.isWriting()) {
            LockSupport.parkNanos(100_000);
        }
        if (atWriting) {
            Thread.sleep(random.nextInt(12));
        }
    }

    private static void requireNotBehind(DrillRun run, OptionalInt before) throws IOException {
        require(
                run.checkpoint().orElse(0) >= before.orElse(0),
                "checkpoint " + before + " was lost; the newest is " + run.checkpoint());
    }

    /** Killed before its first checkpoint a run has nothing to go on from. */
    private static void startOverIfEmpty(DrillRun run) throws IOException {
        if (!run.canResume()) {
            AtomicFolder.remove(run.folder());
        }
    }

    private void finishAndCompare(DrillRun run) throws IOException, InterruptedException {
        if (!run.isFinished()) {
            finish(run);
        }
        compare(run);
    }

    private void finish(DrillRun run) throws IOException, InterruptedException {
        RunProcess process = start(run);
        require(process.await() == 0, "the run could not be finished: " + process.output());
    }

    private void compare(DrillRun run) throws IOException {
        require(!run.isWriting(), "a temporary file is left behind in " + run.folder());
        DrillRun.Outcome outcome = run.outcome();
        require(outcome.metrics().equals(undisturbed.metrics()), "the metrics of " + run.folder() + " differ");
        require(outcome.equals(undisturbed), "the weights or the optimiser of " + run.folder() + " differ");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** The long form: {@code PLACE SERIES COUNT SEED}, with {@code kills}, {@code terminations}, {@code damages}, {@code full-disk}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        FaultDrill drill = new FaultDrill(Path.of(arguments[0]), Long.parseLong(arguments[3]));
        int count = Integer.parseInt(arguments[2]);
        for (String series : arguments[1].split(",")) {
            Tally tally = switch (series) {
                case "kills" -> drill.kills(count);
                case "terminations" -> drill.terminations(count);
                case "damages" -> drill.damages(count);
                case "full-disk" -> drill.fullDisk();
                default -> throw new IllegalArgumentException("there is no series " + series);
            };
            System.out.println(series + ": " + tally);
        }
    }
}
