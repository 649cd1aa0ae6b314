package org.grpo4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary.Value;

class TensorBoardLogTest {

    @TempDir
    Path folder;

    @Test
    void whatAStepMeasuredIsThereWhileTheRunGoesOn() throws IOException {
        try (TensorBoardLog log = TensorBoardLog.start(folder, 0, 10)) {
            log.onStep(StepMetrics.at(7)
                    .put(Metric.REWARD_MEAN, 0.5)
                    .put(Metric.KL, Double.NaN)
                    .seconds(Map.of("rollout", 2.5))
                    .build());
            // Read before the log is closed.
            List<Event> events = EventFiles.shown(folder);
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getStep()).isEqualTo(7);
            assertThat(events.get(0).getSummary().getValueList())
                    .extracting(Value::getTag, Value::getSimpleValue)
                    .containsExactly(tuple("reward/mean", 0.5f), tuple("time/rollout", 2.5f));
        }
    }

    @Test
    void aNewRunVoidsNothing() throws IOException {
        TensorBoardLog.start(folder, 0, 10).close();
        assertThat(EventFiles.read(EventFiles.in(folder).get(0))).noneMatch(Event::hasSessionLog);
    }
}
