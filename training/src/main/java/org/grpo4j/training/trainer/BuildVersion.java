package org.grpo4j.training.trainer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which program this is, as the build has written it down. */
final class BuildVersion {
    private static final String BUILD = "/org/grpo4j/training/build.properties";
    private static final String ND4J = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

    private BuildVersion() {}

    /** Adds the versions of everything that could change a number. */
    static ObjectNode software(ObjectNode json) {
        Properties build = read(BUILD);
        json.put("grpo4j", known(build, "version"));
        json.put("git_revision", known(build, "revision"));
        String dirty = known(build, "dirty");
        if (dirty.equals("true") || dirty.equals("false")) {
            json.put("git_dirty", Boolean.parseBoolean(dirty));
        }
        return json.put("java", Runtime.version().toString())
                .put("jvm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"))
                .put("nd4j", known(read(ND4J), "version"));
    }

    /** A build outside of a git repository leaves the placeholder as it is. */
    private static String known(Properties properties, String key) {
        String value = properties.getProperty(key, "");
        return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
    }

    private static Properties read(String resource) {
        Properties properties = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(resource)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
