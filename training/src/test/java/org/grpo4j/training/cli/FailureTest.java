package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.config.ConfigException;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void inputIsBlamedWithExitCode2() {
        assertThat(Failure.of(new InputException("model.safetensors is cut")))
                .isEqualTo(new Failure(2, "model.safetensors is cut"));
        assertThat(Failure.of(new ConfigException("a.yaml:1: no"))).isEqualTo(new Failure(2, "a.yaml:1: no"));
        assertThat(Failure.of(new UncheckedIOException(new NoSuchFileException("x.json"))))
                .isEqualTo(new Failure(2, "x.json: there is no such file or folder"));
        assertThat(Failure.of(new IllegalArgumentException("lambda must lie from 0 to 1, found 1.5")))
                .isEqualTo(new Failure(2, "lambda must lie from 0 to 1, found 1.5"));
    }

    @Test
    void everythingElseIsAFailedRun() {
        assertThat(Failure.of(new IOException("disk full"))).isEqualTo(new Failure(1, "disk full"));
        assertThat(Failure.of(new CompletionException(new IllegalStateException("loss is NaN"))))
                .isEqualTo(new Failure(1, "loss is NaN"));
        assertThat(Failure.of(new ArithmeticException("/ by zero")))
                .isEqualTo(new Failure(1, "ArithmeticException: / by zero"));
        assertThat(Failure.of(new OutOfMemoryError("Java heap space")).exitCode())
                .isEqualTo(1);
    }

    @Test
    void anArgumentRefusedInsideALibraryIsAFailedRun() {
        try {
            List.of(1, 2).subList(2, 1);
        } catch (IllegalArgumentException e) {
            assertThat(Failure.of(e).exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aSentenceIsOneLine() {
        assertThat(Failure.of(new InputException("first\n   second")).sentence())
                .isEqualTo("first second");
    }

    @Test
    void aLackOfNativeMemorySaysWhatToLowerWhateverItIsWrappedIn() {
        String message = "Physical memory usage is too high: physicalBytes (2G) > maxPhysicalBytes (1G)";
        for (Throwable shape : List.of(
                new OutOfMemoryError(message),
                new IllegalStateException("given up because another micro-batch failed", new OutOfMemoryError(message)),
                new RuntimeException("Failed to allocate new NDArray"),
                new RuntimeException("std::bad_alloc"))) {
            Failure failure = Failure.of(shape);
            assertThat(failure.exitCode()).isEqualTo(1);
            assertThat(failure.sentence())
                    .startsWith("out of native memory")
                    .contains(
                            "training.micro_batch_tokens",
                            "training.replicas",
                            "rollout.max_new_tokens",
                            "training.activation_checkpointing: true");
        }
        assertThat(Failure.of(new OutOfMemoryError("Java heap space")).sentence())
                .contains("-Xmx")
                .doesNotContain("micro_batch_tokens");
    }

    @Test
    void aFullDiskSaysWhatWasBeingWrittenAndThatTheRunIsNotLost() {
        IOException full = new IOException("No space left on device");
        assertThat(Failure.of(new UncheckedIOException("the metrics of step 3 could not be written", full)))
                .isEqualTo(new Failure(
                        1,
                        "the metrics of step 3 could not be written: No space left on device; make room on the disk (a"
                                + " training run goes on from its last checkpoint with --resume)"));
        assertThat(Failure.of(new IOException("checkpoint: No space left on device; so make room and resume"))
                        .sentence())
                .doesNotContain("on the disk");
    }
}
