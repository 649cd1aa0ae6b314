package org.grpo4j.datasets.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.grpo4j.datasets.DatasetException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files end in one sentence, whatever the damage. */
class DamageTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"types.stream.arrow", "types.zstd.arrow", "types.file.arrow", "types.lz4.arrow"})
    void aCutFileIsRefusedWhereverItIsCut(String name) throws IOException {
        byte[] whole = Files.readAllBytes(ContainersTest.fixture(name));
        Path file = folder.resolve("cut.arrow");
        // Without its last eight bytes, the end mark, a stream is as cut as any.
        for (int length = 8; length <= whole.length - 8; length += 37) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ContainersTest.rows(Table.open(file)))
                    .as("cut at %d", length)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(file.toString());
            assertThatThrownBy(() -> Table.open(file).rowCount()).isInstanceOf(DatasetException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.stream.arrow", "types.zstd.arrow", "types.file.arrow", "types.lz4.arrow"})
    void flippedBytesNeverDoMoreThanRefuse(String name) throws IOException {
        byte[] whole = Files.readAllBytes(ContainersTest.fixture(name));
        Path file = folder.resolve("flipped.arrow");
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
            }
            Files.write(file, bytes);
            refused += outcome(file);
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.stream.arrow", "types.lz4.arrow", "types.jsonl"})
    void randomBytesAfterTheHeadAreRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(ContainersTest.fixture(name));
        Path file = folder.resolve("random");
        Random random = new Random(8);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[random.nextInt(2000) + 16];
            random.nextBytes(bytes);
            System.arraycopy(whole, 0, bytes, 0, 8);
            Files.write(file, bytes);
            assertThat(outcome(file)).isOne();
        }
    }

    /** 1 when the file was refused, 0 when it was read; anything else fails the test. */
    private static int outcome(Path file) {
        try {
            ContainersTest.rows(Table.open(file));
            return 0;
        } catch (DatasetException e) {
            return 1;
        }
    }
}
