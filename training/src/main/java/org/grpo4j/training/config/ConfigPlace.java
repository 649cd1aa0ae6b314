package org.grpo4j.training.config;

import java.util.Map;

/**
 * Where in which file a value stands, so that an error can point at it.
 *
 * @param source the file, or another name for where the text came from
 * @param origins where each key was written, by its full path: a line of the file or an override
 * @param path full path of the key, empty at the top
 */
record ConfigPlace(String source, Map<String, String> origins, String path) {

    static ConfigPlace top(String source, Map<String, String> origins) {
        return new ConfigPlace(source, origins, "");
    }

    ConfigPlace child(String key) {
        return new ConfigPlace(source, origins, path.isEmpty() ? key : path + "." + key);
    }

    ConfigException error(String sentence) {
        return new ConfigException(prefix() + sentence);
    }

    ConfigException error(String sentence, Throwable cause) {
        return new ConfigException(prefix() + sentence, cause);
    }

    private String prefix() {
        return origins.getOrDefault(path, source) + ": ";
    }
}
