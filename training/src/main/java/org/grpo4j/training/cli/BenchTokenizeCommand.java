package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.trainer.Median;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j bench tokenize}. */
@Command(
        name = "tokenize",
        description = "Rate of encoding texts and of decoding their ids, in one thread and in several.",
        sortOptions = false,
        footer = {"", "In several threads each one works through all texts, with the one tokenizer."})
final class BenchTokenizeCommand implements Callable<Integer> {

    @Mixin
    private TokenizerOptions source;

    @Option(names = "--threads", paramLabel = "N", description = "Threads at once (one a core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private final BenchOptions options = new BenchOptions(5);

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1");
        }
        List<String> texts = new ArrayList<>();
        source.forEachText(texts::add);
        ObjectNode result;
        try (Tokenizer tokenizer = source.load()) {
            result = measure(tokenizer, texts);
        }
        options.write(result);
        return 0;
    }

    private ObjectNode measure(Tokenizer tokenizer, List<String> texts) {
        List<int[]> ids =
                texts.stream().map(text -> tokenizer.encode(text, false)).toList();
        long tokens = ids.stream().mapToLong(row -> row.length).sum();
        if (tokens == 0) {
            throw new InputException(source.input() + ": there is no text to measure with");
        }
        Runnable encode = () -> texts.forEach(text -> tokenizer.encode(text, false));
        Runnable decode = () -> ids.forEach(row -> tokenizer.decode(row, false));
        return new ObjectMapper()
                .createObjectNode()
                .put("texts", texts.size())
                .put("tokens", tokens)
                .put("threads", threads)
                .put("repeats", options.repeats())
                .put("encode_tokens_per_second", tokens / seconds(encode, 1))
                .put("encode_tokens_per_second_threads", threads * tokens / seconds(encode, threads))
                .put("decode_tokens_per_second", tokens / seconds(decode, 1))
                .put("decode_tokens_per_second_threads", threads * tokens / seconds(decode, threads));
    }

    private double seconds(Runnable work, int threads) {
        together(work, threads);
        double[] rounds = new double[options.repeats()];
        for (int round = 0; round < options.repeats(); round++) {
            long start = System.nanoTime();
            together(work, threads);
            rounds[round] = (System.nanoTime() - start) / 1e9;
        }
        return Median.of(rounds);
    }

    private static void together(Runnable work, int threads) {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread thread = new Thread(work, "tokenize-" + i);
            thread.start();
            others.add(thread);
        }
        work.run();
        for (Thread thread : others) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while measuring", e);
            }
        }
    }
}
