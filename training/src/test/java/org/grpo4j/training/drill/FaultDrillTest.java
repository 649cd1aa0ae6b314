package org.grpo4j.training.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill in its short form. */
class FaultDrillTest {

    @Test
    void disturbedRunsEndWithTheBitsOfAnUndisturbedOne(@TempDir Path place) throws IOException, InterruptedException {
        FaultDrill drill = new FaultDrill(place, 3);
        assertThat(drill.kills(2).moments()).isEqualTo(2);
        assertThat(drill.terminations(1).moments()).isEqualTo(1);
        assertThat(drill.damages(1).resumed()).isEqualTo(1);
        assertThat(drill.fullDisk().resumed()).isEqualTo(1);
    }
}
