package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TokenizerThreadsTest {

    private static final int THREADS = 8;

    @Test
    void manyThreadsGetTheAnswersOfOne() throws Exception {
        List<String> texts = RandomTexts.of(1, 400);
        try (Tokenizer tokenizer = TinyTokenizers.byteLevel()) {
            List<int[]> expected =
                    texts.stream().map(text -> tokenizer.encode(text, true)).toList();
            inThreads(thread -> {
                for (int i = 0; i < texts.size(); i++) {
                    int index = (i + 50 * thread) % texts.size();
                    assertThat(tokenizer.encode(texts.get(index), true)).isEqualTo(expected.get(index));
                    assertThat(tokenizer.decode(expected.get(index), false)).isEqualTo(texts.get(index));
                }
            });
        }
    }

    @Test
    void closingWaitsForThoseAtWorkAndStopsTheRest() throws Exception {
        String text = "a long text \u6f22 ".repeat(500);
        Tokenizer tokenizer = TinyTokenizers.byteLevel();
        int[] expected = tokenizer.encode(text, false);
        inThreads(thread -> {
            if (thread == 0) {
                tokenizer.close();
                return;
            }
            try {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(tokenizer.encode(text, false)).isEqualTo(expected);
                }
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("The tokenizer has been closed.");
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> tokenizer.encode(text, false));
        assertThatIllegalStateException().isThrownBy(() -> tokenizer.decode(expected, false));
        tokenizer.close();
    }

    /** What one of the threads does. */
    @FunctionalInterface
    private interface Work {
        void run(int thread);
    }

    private static void inThreads(Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                tasks.add(() -> {
                    work.run(number);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
