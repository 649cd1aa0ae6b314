package org.grpo4j.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads YAML into records. Component {@code groupSize} is the key {@code group_size}; enum constant {@code E_TRACE} is the
 * value {@code e-trace}. What the file leaves out comes from the component's {@link Default}, or from the record's static
 * method {@code defaults()} if it has one; a {@code @Nullable} component is then null; anything else must be given. A name
 * in {@code objective.preset} stands for the switches of that preset, which keys beside it override. Values are validated
 * by the records' constructors, whose {@link IllegalArgumentException}s come out as {@link ConfigException}s that name the key and the line.
 */
public final class ConfigLoader {

    /** The time that the parser takes for a long text grows with its square. */
    private static final int LARGEST_FILE = 1 << 17;

    private ConfigLoader() {}

    /**
     * Reads one file.
     *
     * @param overrides {@code a.b=value} each, applied in order; the value is read as YAML
     * @throws ConfigException if the file cannot be read, or does not fit {@code type}
     */
    public static <T extends Record> T load(Path file, Class<T> type, List<String> overrides) {
        try {
            return parse(read(file), file.toString(), type, overrides);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such configuration file", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not a text file in UTF-8", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        }
        if (bytes.length > LARGEST_FILE) {
            throw new ConfigException(file + ": more than " + LARGEST_FILE
                    + " bytes, which is no configuration; give the YAML file of a run");
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Like {@link #load}, from text; {@code source} is what errors call it. */
    public static <T extends Record> T parse(String yaml, String source, Class<T> type, List<String> overrides) {
        ConfigText text = ConfigText.parse(yaml, source);
        Map<String, String> origins = new HashMap<>();
        text.lines().forEach((path, line) -> origins.put(path, source + ":" + line));
        origins.put("", source);
        for (String override : overrides) {
            ConfigOverrides.apply(text.root(), override);
            origins.put(override.substring(0, override.indexOf('=')).strip(), "--set " + override);
        }
        PresetExpansion.apply(text.root(), source, origins);
        return ConfigBinder.record(text.root(), type, ConfigPlace.top(source, origins));
    }

    /**
     * Binds a tree that was read elsewhere, such as the {@code config} of a JSON case.
     *
     * @param source what errors call the place the tree came from
     */
    public static <T extends Record> T bind(JsonNode tree, String source, Class<T> type) {
        return ConfigBinder.record(tree, type, ConfigPlace.top(source, Map.of()));
    }
}
