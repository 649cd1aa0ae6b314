package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.trainer.Median;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench verify}. */
@Command(
        name = "verify",
        description = "Answers checked per second, by one thread.",
        sortOptions = false,
        footer = {
            "",
            "Reads the lines that `grpo4j verify` reads. Answers that are spelled by answer_repeat are no ordinary ones and are"
                    + " left out."
        })
final class BenchVerifyCommand implements Callable<Integer> {

    private static final int WARM_UP_ROUNDS = 8;
    private static final double ROUND_SECONDS = 0.3;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the fields gold and answer; - is standard input.")
    private Path input;

    @Mixin
    private final BenchOptions options = new BenchOptions(11);

    @Override
    public Integer call() throws IOException {
        List<VerifyPair> pairs = new ArrayList<>();
        JsonLines.forEach(input, line -> pairs.add(VerifyPair.of(line)));
        int all = pairs.size();
        pairs.removeIf(VerifyPair::repeated);
        if (pairs.isEmpty()) {
            throw new InputException(input + ": no pairs to check; each line needs the fields gold and answer");
        }
        ObjectNode result = measure(pairs).put("left_out", all - pairs.size());
        String text = String.format(
                Locale.ROOT,
                "%.0f pairs/s, %.0f a second of a core (%d pairs, %d right, medians of %d, one thread)",
                result.get("pairs_per_second").asDouble(),
                result.get("pairs_per_core_second").asDouble(),
                pairs.size(),
                result.get("correct").asInt(),
                options.repeats());
        options.write(result, () -> text);
        return 0;
    }

    private ObjectNode measure(List<VerifyPair> pairs) {
        // The first rounds run before the compiler has seen much of the code.
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round(pairs);
        }
        double[] rates = new double[options.repeats()];
        double[] coreRates = new double[options.repeats()];
        for (int i = 0; i < options.repeats(); i++) {
            Round round = round(pairs);
            rates[i] = round.checked() / round.seconds();
            coreRates[i] = round.checked() / round.coreSeconds();
        }
        Arrays.sort(rates);
        long correct = pairs.stream().filter(pair -> pair.verify().correct()).count();
        return new ObjectMapper()
                .createObjectNode()
                .put("pairs", pairs.size())
                .put("correct", correct)
                .put("repeats", options.repeats())
                .put("threads", 1)
                .put("pairs_per_second", Median.of(rates))
                .put("pairs_per_core_second", Median.of(coreRates))
                .put("slowest_round", rates[0])
                .put("fastest_round", rates[options.repeats() - 1]);
    }

    /** Whole passes, by the clock and by the time that this thread had a core. */
    private record Round(long checked, double seconds, double coreSeconds) {}

    private static Round round(List<VerifyPair> pairs) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long coreStart = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long checked = 0;
        double seconds;
        do {
            pairs.forEach(VerifyPair::verify);
            checked += pairs.size();
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < ROUND_SECONDS);
        return new Round(checked, seconds, (threads.getCurrentThreadCpuTime() - coreStart) / 1e9);
    }
}
