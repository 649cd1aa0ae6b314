package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How often a benchmark measures, and where its result goes, as a {@link Mixin}. */
final class BenchOptions extends JsonOutput {

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Rounds of which the median is taken (${DEFAULT-VALUE}).")
    private int repeats;

    /** @param repeats unless the user says otherwise */
    BenchOptions(int repeats) {
        this.repeats = repeats;
    }

    /** At least 1. */
    int repeats() {
        if (repeats < 1) {
            throw new IllegalArgumentException("--repeats is " + repeats + " but must be at least 1");
        }
        return repeats;
    }

    void write(ObjectNode result) throws IOException {
        write(result, () -> BenchResult.table(result));
    }
}
