package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.grpo4j.training.metrics.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code grpo4j runs}. */
@Command(
        name = "runs",
        description =
                "Training runs below a folder: how far they are, the settings that differ between them, and their last metrics.")
final class RunsCommand implements Callable<Integer> {

    @Parameters(
            defaultValue = "runs",
            paramLabel = "DIR",
            description = "The folder; runs lie in it or up to six folders deeper (${DEFAULT-VALUE}).")
    private Path folder;

    @Mixin
    private JsonOutput output;

    @Override
    public Integer call() throws IOException {
        RunSearch search = RunSearch.below(folder);
        int room = output.isFile() ? Integer.MAX_VALUE : Terminal.columnsOfOutput();
        output.write(json(search), () -> RunsText.of(search, room));
        return 0;
    }

    private static ObjectNode json(RunSearch search) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        Set<String> differing = search.differing();
        ArrayNode runs = json.putArray("runs");
        search.runs().forEach(run -> runs.add(run.toJson(differing)));
        differing.forEach(json.putArray("settings_that_differ")::add);
        ArrayNode unreadable = json.putArray("unreadable");
        search.unreadable().forEach(path -> unreadable.add(path.toString()));
        return json;
    }
}
