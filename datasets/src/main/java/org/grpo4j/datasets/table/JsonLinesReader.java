package org.grpo4j.datasets.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/** Reads JSON lines one at a time; errors name the line, counted from 1. */
final class JsonLinesReader implements RowReader {

    private static final int LONGEST_LINE = 16 << 20;
    private static final ObjectReader JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readerFor(new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});

    private final Path file;
    private final InputStream in;
    private long line;

    JsonLinesReader(Path file) {
        this.file = file;
        try {
            this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + Messages.firstLine(e), e);
        }
    }

    @Override
    public @Nullable Map<String, @Nullable Object> next() {
        String text = nextLine();
        while (text != null && text.isBlank()) {
            text = nextLine();
        }
        return text == null ? null : parse(text);
    }

    private Map<String, @Nullable Object> parse(String text) {
        if (!text.stripLeading().startsWith("{")) {
            throw damaged("it holds no JSON object", null);
        }
        try {
            Map<String, @Nullable Object> row = JSON.readValue(text);
            row.replaceAll((name, value) -> widened(value));
            return row;
        } catch (JsonProcessingException e) {
            throw damaged(e.getOriginalMessage().lines().findFirst().orElse("no JSON"), e);
        }
    }

    /** Jackson picks the smallest integer type; rows have one type for all that fit in 64 bits. */
    private static @Nullable Object widened(@Nullable Object value) {
        if (value instanceof Integer integer) {
            return integer.longValue();
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> widened = new ArrayList<>(list.size());
            list.forEach(element -> widened.add(widened(element)));
            return widened;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> widened = new LinkedHashMap<>();
            map.forEach((key, member) -> widened.put(String.valueOf(key), widened(member)));
            return widened;
        }
        return value;
    }

    private @Nullable String nextLine() {
        try {
            byte[] bytes = nextBytes();
            if (bytes == null) {
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged("it is not UTF-8", e);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + Messages.firstLine(e), e);
        }
    }

    private byte @Nullable [] nextBytes() throws IOException {
        int next = in.read();
        if (next < 0) {
            return null;
        }
        line++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        while (next >= 0 && next != '\n') {
            if (bytes.size() == LONGEST_LINE) {
                throw damaged("it is longer than " + LONGEST_LINE + " bytes", null);
            }
            bytes.write(next);
            next = in.read();
        }
        return bytes.toByteArray();
    }

    private DatasetException damaged(String why, @Nullable Exception cause) {
        String message = "line " + line + " of " + file + " is not usable: " + why + "; mend or remove that line";
        return cause == null ? new DatasetException(message) : new DatasetException(message, cause);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be closed: " + Messages.firstLine(e), e);
        }
    }
}
