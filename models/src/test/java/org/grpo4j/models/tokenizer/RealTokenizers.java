package org.grpo4j.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** The tokenizers that {@code scripts/fetch-tokenizers.sh} fetches. Tests are skipped where they are absent. */
final class RealTokenizers {

    private static final Map<String, String> SHA_256 = Map.of(
            "qwen2_5", "c0382117ea329cdf097041132f6d735924b697924d6f6fc3945713e96ce87539",
            "qwen3", "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4",
            "llama3_1", "e134af98b985517b4f068e3755ae90d4e9cd2d45d328325dc503f1c6b2d06cc7",
            "llama3_2", "6b9e4e7fb171f92fd137b777cc2714bf87d11576700a1dcd7a399e7bbe39537b");

    private RealTokenizers() {}

    static Path folder(String family) {
        String inherited = System.getenv("GRPO4J_TOKENIZERS");
        Path all = Path.of(System.getProperty("grpo4j.tokenizers", inherited == null ? "../.tokenizers" : inherited));
        Path json = all.resolve(family).resolve("tokenizer.json");
        assumeTrue(
                Files.isRegularFile(json),
                () -> "skipped: there is no " + json.toAbsolutePath().normalize()
                        + "; scripts/fetch-tokenizers.sh fetches it");
        try {
            // Expected values say nothing about another file.
            assertThat(sha256(Files.readAllBytes(json))).as(json.toString()).isEqualTo(SHA_256.get(family));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return json.resolveSibling("");
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
