package org.grpo4j.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** Loading holds the parameters and at most one tensor more, whether they are widened, narrowed or copied as they are. */
class LoadingMemoryTest {

    private static final DecoderConfig CONFIG = DecoderConfig.builder(ModelFamily.LLAMA)
            .vocabularySize(30_000)
            .width(256)
            .heads(8)
            .feedForward(2_048)
            .layers(4)
            .build();

    @TempDir
    private Path folder;

    /** What the JVM itself may take meanwhile: class files, compiled code, a heap that grows. */
    private static final long NOISE = 16 << 20;

    @Test
    void noNumberIsInMemoryTwice() throws Exception {
        save("bf16", TensorType.BF16);
        save("f32", TensorType.F32);
        for (String stored : new String[] {"bf16", "f32"}) {
            for (WeightStorage storage : new WeightStorage[] {WeightStorage.WIDE, WeightStorage.bfloat16()}) {
                System.gc();
                Peak peak = new Peak();
                try (Checkpoint loaded = Checkpoint.load(folder.resolve(stored), DataType.FLOAT, storage)) {
                    long taken = loaded.parameters().bytes();
                    long largest = loaded.parameters().get("lm_head.weight").length()
                            * loaded.parameters()
                                    .get("lm_head.weight")
                                    .dataType()
                                    .width();
                    assertThat(peak.stop())
                            .as("%s, narrow: %s", stored, storage.narrow())
                            .isLessThan(taken + largest + NOISE);
                    assertThat(taken).isGreaterThan(5 * largest / 2);
                }
            }
        }
    }

    private void save(String name, TensorType type) throws IOException {
        try (Checkpoint random = Checkpoint.random(CONFIG, 1, DataType.FLOAT, CompanionFiles.none())) {
            random.save(folder.resolve(name), type);
        }
    }

    /** The largest resident set above that at the start, read as often as the system lets us. */
    private static final class Peak {
        private final long start = Pointer.physicalBytes();
        private final AtomicLong most = new AtomicLong();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread watcher = new Thread(() -> {
            while (!stopped.get()) {
                most.accumulateAndGet(Pointer.physicalBytes(), Math::max);
            }
        });

        Peak() {
            watcher.start();
        }

        long stop() throws InterruptedException {
            stopped.set(true);
            watcher.join();
            return Math.max(most.get(), Pointer.physicalBytes()) - start;
        }
    }
}
