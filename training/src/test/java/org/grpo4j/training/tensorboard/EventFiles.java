package org.grpo4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary.Value;

/** Reads event files the way TensorFlow does: checksums computed bit by bit, messages parsed by TensorFlow's own classes. */
public final class EventFiles {
    /** The Castagnoli polynomial, lowest bit first. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private EventFiles() {}

    /** The event files of a folder, in the order in which TensorBoard reads them. */
    public static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    /** All events of a file; fails on a wrong checksum or a cut record. */
    public static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] header = new byte[8];
            bytes.get(header);
            int length = Math.toIntExact(
                    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong());
            assertThat(bytes.getInt()).as("checksum of a length").isEqualTo(masked(header));
            byte[] data = new byte[length];
            bytes.get(data);
            assertThat(bytes.getInt()).as("checksum of an event").isEqualTo(masked(data));
            events.add(Event.parseFrom(data));
        }
        return events;
    }

    /**
     * The values of a folder as TensorBoard comes to know them: file after file, and what a session's start voids is
     * forgotten (tensorboard/backend/event_processing/plugin_event_accumulator.py).
     */
    public static List<Event> shown(Path folder) throws IOException {
        List<Event> shown = new ArrayList<>();
        for (Path file : in(folder)) {
            for (Event event : read(file)) {
                if (event.hasSessionLog()) {
                    shown.removeIf(earlier -> earlier.getStep() >= event.getStep());
                } else if (event.hasSummary()) {
                    shown.add(event);
                }
            }
        }
        return shown;
    }

    /** The steps at which a tag has a value, and the values. */
    public static List<Value> values(List<Event> events, String tag) {
        return events.stream()
                .flatMap(event -> event.getSummary().getValueList().stream())
                .filter(value -> value.getTag().equals(tag))
                .toList();
    }

    static int crc(byte[] data) {
        int crc = ~0;
        for (byte b : data) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
        }
        return ~crc;
    }

    private static int masked(byte[] data) {
        return Integer.rotateRight(crc(data), 15) + 0xa282ead8;
    }
}
