package org.grpo4j.framework.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyPartRunsOnceARound(int size) {
        try (Team team = new Team(size)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(size);
            for (int round = 1; round <= 2000; round++) {
                team.run(runs::incrementAndGet);
                // All parts are done when run returns, not some time later.
                for (int part = 0; part < size; part++) {
                    assertThat(runs.get(part)).isEqualTo(round);
                }
            }
        }
    }

    @Test
    void membersThatWentToSleepAreWoken() throws InterruptedException {
        try (Team team = new Team(3)) {
            int[] runs = new int[3];
            for (int round = 0; round < 5; round++) {
                team.run(part -> runs[part]++);
                Thread.sleep(5);
            }
            assertThat(runs).containsExactly(5, 5, 5);
        }
    }

    /** The caller parks while a member takes long. */
    @Test
    void slowPartsAreWaitedFor() {
        try (Team team = new Team(2)) {
            boolean[] done = new boolean[2];
            team.run(part -> {
                long until = System.nanoTime() + part * 20_000_000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                done[part] = true;
            });
            assertThat(done).containsOnly(true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aFailureSurfacesAndTheTeamGoesOn(int failing) {
        try (Team team = new Team(3)) {
            boolean[] ran = new boolean[3];
            assertThatThrownBy(() -> team.run(part -> {
                        ran[part] = true;
                        if (part == failing) {
                            throw new IllegalArgumentException("part " + part);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("part " + failing);
            assertThat(ran).containsOnly(true);
            Arrays.fill(ran, false);
            team.run(part -> ran[part] = true);
            assertThat(ran).containsOnly(true);
        }
    }

    @Test
    void misuseIsRefused() {
        Team team = new Team(2);
        assertThatThrownBy(() -> team.run(part -> {
                    if (part == 0) {
                        team.run(inner -> {});
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("same team");
        team.close();
        assertThatThrownBy(() -> team.run(part -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> new Team(-1)).hasMessageContaining("-1");
    }
}
