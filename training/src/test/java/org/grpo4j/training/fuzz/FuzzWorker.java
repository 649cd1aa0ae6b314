package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.fuzz.Verdict.Outcome;

/**
 * The process that runs cases, so that one which kills the JVM kills nothing else: {@link FuzzRun} starts it. Before a case
 * its number goes to a file, from which the case can be made again.
 */
final class FuzzWorker {

    static final String TALLY = "tally";

    private static final int SHOWN_FAILURES = 20;

    private FuzzWorker() {}

    /**
     * @param args target, number of the first case, number after the last, and the folder to work in, where the files of the
     *     last case stay. A single case is described whatever became of it.
     */
    public static void main(String[] args) throws IOException {
        FuzzTarget target = TargetShare.named(args[0]);
        long first = Long.parseLong(args[1]);
        long end = Long.parseLong(args[2]);
        Path work = Files.createDirectories(Path.of(args[3]));
        List<Map<String, byte[]>> seeds = target.seeds();
        Judge judge = new Judge(work.resolve("case"), true);
        warmUp(target, seeds, judge);
        Tally tally = new Tally();
        try (RandomAccessFile progress =
                new RandomAccessFile(work.resolve(TALLY).toFile(), "rw")) {
            for (long number = first; number < end; number++) {
                tally.current = number;
                tally.write(progress);
                FuzzCase fuzzCase = FuzzCase.of(target, seeds, number);
                Verdict verdict = judge.judge(fuzzCase);
                tally.add(verdict, fuzzCase.bytes());
                if (end == first + 1 || (verdict.outcome() == Outcome.FAILED && tally.failed <= SHOWN_FAILURES)) {
                    System.out.println(target.name() + " " + number + " (" + fuzzCase.mutated() + ", "
                            + fuzzCase.bytes() + " bytes): " + verdict);
                }
            }
            tally.current = end;
            tally.write(progress);
        }
    }

    /** Classes, native libraries and compiled code would be counted as memory of the first cases. */
    private static void warmUp(FuzzTarget target, List<Map<String, byte[]>> seeds, Judge judge) throws IOException {
        for (int i = 0; i < 3; i++) {
            for (Map<String, byte[]> seed : seeds) {
                Verdict verdict = judge.judge(new FuzzCase(target, -1, seed, "nothing"));
                if (i > 0 && verdict.outcome() != Outcome.ACCEPTED) {
                    throw new IllegalStateException("a seed of " + target.name() + " is not accepted: " + verdict);
                }
            }
        }
    }
}
