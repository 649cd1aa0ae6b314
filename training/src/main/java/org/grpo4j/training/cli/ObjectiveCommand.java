package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.objective.ObjectiveCase;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j objective}. */
@Command(
        name = "objective",
        description = "Loss, gradient, advantages and metrics of given log-probabilities, by the graph that trains.",
        footer = {
            "",
            "Reads {\"name\":…,\"case\":{…}} and writes one line a case:"
                    + " {\"name\",\"loss\",\"grad_logp_new\",\"advantages\",\"metrics\"}."
        })
final class ObjectiveCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What to compute in. */
    enum Type {
        FLOAT,
        DOUBLE
    }

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE|DIR",
            description = "A case, or a folder of them: every .json file in the order of the names.")
    private Path input;

    @Option(
            names = "--type",
            defaultValue = "double",
            paramLabel = "float|double",
            description = "Compute in the type that training uses, or in a more exact one (${DEFAULT-VALUE}).")
    private Type type;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        List<Path> files = files();
        output.write(out -> {
            for (Path file : files) {
                out.write(JSON.writeValueAsString(result(file)) + "\n");
            }
        });
        return 0;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(input)) {
            return List.of(input);
        }
        try (Stream<Path> inside = Files.list(input)) {
            List<Path> files = new ArrayList<>(
                    inside.filter(file -> file.getFileName().toString().endsWith(".json"))
                            .sorted()
                            .toList());
            if (files.isEmpty()) {
                throw new InputException(input + " holds no .json file; give a case or a folder of cases");
            }
            return files;
        }
    }

    private ObjectiveCase.Result result(Path file) throws IOException {
        try {
            ObjectiveCase.Named named = ObjectiveCase.parse(Files.readString(file));
            String name =
                    named.name().isEmpty() ? file.getFileName().toString().replaceFirst("\\.json$", "") : named.name();
            return named.batch().run(name, type == Type.FLOAT ? DataType.FLOAT : DataType.DOUBLE);
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": not a text file in UTF-8", e);
        }
    }
}
