package org.grpo4j.training.tensorboard;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of events, {@code events.out.tfevents.SECONDS.HOST.PROCESS}, that TensorBoard can follow while it grows. Field
 * numbers are those of TensorFlow's {@code event.proto}. One thread at a time.
 */
final class EventFile implements Closeable {
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");
    /** The version that lets a session's start purge later steps of earlier files. */
    private static final String VERSION = "brain.Event:2";

    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int STATUS = 1;
    private static final int START = 1;

    private final RecordWriter records;
    private final Clock clock;

    private EventFile(RecordWriter records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Starts a new file in a folder, which is made if need be. */
    static EventFile create(Path folder, Clock clock) throws IOException {
        Files.createDirectories(folder);
        // TensorBoard reads files by name and never goes back, so a new one must come after all that are there.
        long seconds = Math.max(clock.instant().getEpochSecond(), newest(folder) + 1);
        Path file = folder.resolve("events.out.tfevents.%010d.%s.%d"
                .formatted(seconds, host(), ProcessHandle.current().pid()));
        EventFile events = new EventFile(
                new RecordWriter(new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))),
                clock);
        events.write(events.event().text(FILE_VERSION, VERSION));
        events.flush();
        return events;
    }

    /** Says that a session starts here: what earlier files of the folder tell of this step and later ones is void. */
    void startAt(int step) throws IOException {
        write(event().integer(STEP, step).message(SESSION_LOG, new ProtoMessage().integer(STATUS, START)));
        flush();
    }

    void write(int step, Summary summary) throws IOException {
        if (!summary.isEmpty()) {
            write(event().integer(STEP, step).message(SUMMARY, summary.message()));
        }
    }

    /** Hands everything over to the system, for those who watch. */
    void flush() throws IOException {
        records.flush();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private void write(ProtoMessage event) throws IOException {
        records.write(event.toBytes());
    }

    private ProtoMessage event() {
        Instant now = clock.instant();
        return new ProtoMessage().real(WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
    }

    private static long newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9_-]", "-");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
