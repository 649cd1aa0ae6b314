package org.grpo4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog.SessionStatus;
import org.tensorflow.proto.Summary.Value;

class EventFileTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

    @TempDir
    Path folder;

    /** The first twelve bytes of every event file that TensorFlow ever wrote, and the check value of CRC-32C. */
    @Test
    void recordsAreFramedAsTensorFlowFramesThem() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new RecordWriter(bytes).write(new byte[24]);
        assertThat(HexFormat.of().formatHex(bytes.toByteArray(), 0, 12)).isEqualTo("1800000000000000a37f4b22");
        assertThat(EventFiles.crc("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xE3069283);
    }

    @Test
    void aFileStartsWithItsVersionAndHasTheNameThatTensorBoardLooksFor() throws IOException {
        EventFile.create(folder.resolve("new/tensorboard"), CLOCK).close();
        List<Path> files = EventFiles.in(folder.resolve("new/tensorboard"));
        assertThat(files).hasSize(1);
        assertThat(files.get(0).getFileName().toString())
                .matches("events\\.out\\.tfevents\\.1700000000\\.[A-Za-z0-9_-]+\\.\\d+");
        List<Event> events = EventFiles.read(files.get(0));
        assertThat(events).hasSize(1);
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events.get(0).getWallTime()).isEqualTo(1_700_000_000.25);
    }

    @Test
    void scalarsHistogramsAndTextsAreReadBack() throws IOException {
        Histogram lengths = Histogram.ofWhole(new int[] {2, 3, 3, 5});
        String markdown = "**λ** is 0.99 – 思考";
        Event event = written(new Summary()
                .scalar("reward/mean", -0.1)
                .histogram("length/tokens", lengths)
                .text("sample/1", markdown));
        assertThat(event.getStep()).isEqualTo(300);
        List<Value> values = event.getSummary().getValueList();
        assertThat(values).extracting(Value::getTag).containsExactly("reward/mean", "length/tokens", "sample/1");
        assertThat(values.get(0).getSimpleValue()).isEqualTo(-0.1f);

        HistogramProto histogram = values.get(1).getHisto();
        assertThat(histogram.getMin()).isEqualTo(1.5);
        assertThat(histogram.getMax()).isEqualTo(5.5);
        assertThat(histogram.getNum()).isEqualTo(4);
        assertThat(histogram.getSum()).isEqualTo(13);
        assertThat(histogram.getSumSquares()).isEqualTo(47);
        assertThat(histogram.getBucketLimitList()).containsExactly(2.5, 3.5, 4.5, 5.5);
        assertThat(histogram.getBucketList()).containsExactly(1.0, 2.0, 0.0, 1.0);

        Value text = values.get(2);
        assertThat(text.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
        assertThat(text.getTensor().getDtype()).isEqualTo(DataType.DT_STRING);
        assertThat(text.getTensor().getTensorShape().getDimCount()).isZero();
        assertThat(text.getTensor().getStringVal(0).toStringUtf8()).isEqualTo(markdown);
    }

    @Test
    void everyFieldTypeIsReadBackAtItsEnds() throws IOException {
        Event event = written(new Summary()
                .scalar("high", Float.MAX_VALUE)
                .scalar("infinite", Double.NEGATIVE_INFINITY)
                .text("long", "x".repeat(70_000)));
        List<Value> values = event.getSummary().getValueList();
        assertThat(values.get(0).getSimpleValue()).isEqualTo(Float.MAX_VALUE);
        assertThat(values.get(1).getSimpleValue()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(values.get(2).getTensor().getStringVal(0).size()).isEqualTo(70_000);
        Event numbers = Event.parseFrom(
                new ProtoMessage().integer(2, Long.MIN_VALUE).real(1, -0.0).toBytes());
        assertThat(numbers.getStep()).isEqualTo(Long.MIN_VALUE);
        assertThat(numbers.getWallTime()).isEqualTo(-0.0);
        assertThat(Event.parseFrom(new ProtoMessage().integer(2, Long.MAX_VALUE).toBytes())
                        .getStep())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSecondFileComesAfterTheFirstEvenWithinASecondAndVoidsLaterSteps() throws IOException {
        try (EventFile first = EventFile.create(folder, CLOCK)) {
            for (int step = 1; step <= 5; step++) {
                first.write(step, new Summary().scalar("loss/loss", step));
            }
        }
        // Names that are not quite those of event files must not confuse the choice of the next one.
        Files.createFile(folder.resolve("events.out.tfevents"));
        Files.createFile(folder.resolve("events.out.tfevents.x.host"));
        try (EventFile second = EventFile.create(folder, CLOCK)) {
            second.startAt(4);
            second.write(4, new Summary().scalar("loss/loss", 40));
        }
        List<Path> files = EventFiles.in(folder);
        assertThat(files).hasSize(4);
        Event start = EventFiles.read(files.get(2)).get(1);
        assertThat(start.getStep()).isEqualTo(4);
        assertThat(start.getSessionLog().getStatus()).isEqualTo(SessionStatus.START);
        assertThat(EventFiles.values(EventFiles.shown(folder), "loss/loss"))
                .extracting(Value::getSimpleValue)
                .containsExactly(1f, 2f, 3f, 40f);
    }

    private Event written(Summary summary) throws IOException {
        try (EventFile events = EventFile.create(folder, CLOCK)) {
            events.write(300, summary);
        }
        return EventFiles.read(EventFiles.in(folder).get(0)).get(1);
    }
}
