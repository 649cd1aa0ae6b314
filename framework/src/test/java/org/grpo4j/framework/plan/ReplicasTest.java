package org.grpo4j.framework.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    /** The caller closes native memory when it hears of a failure, which others must not be using any more. */
    @Test
    void anErrorIsThrownOnlyWhenAllReplicasHaveEnded() {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (Replicas replicas = new Replicas(2)) {
            assertThatThrownBy(() -> replicas.run(2, (replica, task) -> {
                        if (replica == 0) {
                            failed.countDown();
                            throw new OutOfMemoryError("native");
                        }
                        await(failed);
                        pause();
                        ended.set(true);
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(ended).isTrue();
    }

    @Test
    void anErrorGoesBeforeTheExceptionsItCausesElsewhere() {
        try (Replicas replicas = new Replicas(3)) {
            assertThatThrownBy(() -> replicas.run(3, (replica, task) -> {
                        if (replica == 1) {
                            throw new OutOfMemoryError("native");
                        }
                        throw new IllegalStateException("given up " + replica);
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> replicas.run(3, (replica, task) -> {
                        throw new IllegalStateException("given up " + replica);
                    }))
                    .hasMessage("given up 0");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Long enough for a caller that does not wait to be seen not waiting. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
