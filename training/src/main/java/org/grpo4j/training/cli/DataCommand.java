package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.DatasetDescription;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.table.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grpo4j data}. */
@Command(
        name = "data",
        description = "What a dataset holds: container, schema, rows, and the problems made of them.",
        subcommands = DataOverlapCommand.class)
final class DataCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** A subcommand has paths of its own, so this one can be required only when there is none. */
    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "An Arrow stream or file, a save_to_disk folder, JSON lines or Parquet; FOLDER/SPLIT chooses a"
                            + " split.")
    private @Nullable Path path;

    @Option(
            names = "--head",
            defaultValue = "3",
            paramLabel = "N",
            description = "How many rows to show (${DEFAULT-VALUE}).")
    private int head;

    @Option(names = "--split", paramLabel = "NAME", description = "The split of a folder that has several.")
    private @Nullable String split;

    @Mixin
    private ColumnOptions columns;

    @Mixin
    private JsonOutput output;

    @Override
    public Integer call() throws IOException {
        if (head < 0) {
            throw new IllegalArgumentException("--head is " + head + " but must be 0 or more");
        }
        if (path == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'PATH'");
        }
        DatasetDescription data = DatasetDescription.of(path, split, columns.columns(), head);
        output.write(data.toMap(), out -> print(data, out));
        return 0;
    }

    private static void print(DatasetDescription data, Writer out) throws IOException {
        out.write(data.path() + "\n" + data.container() + ", " + data.rows() + " rows\n");
        for (Column column : data.columns()) {
            out.write("  " + column + "\n");
        }
        for (int i = 0; i < data.head().size(); i++) {
            out.write("\nrow " + i + "\n");
            for (Map.Entry<String, @Nullable Object> value : data.head().get(i).entrySet()) {
                field(value.getKey(), String.valueOf(value.getValue()), out);
            }
            if (i < data.problems().size()) {
                Problem problem = data.problems().get(i);
                out.write("as problem " + problem.id() + "\n");
                field("problem", problem.problem(), out);
                field("answers", String.join(" | ", problem.answers()), out);
                if (problem.solution() != null) {
                    field("solution", problem.solution(), out);
                }
            }
        }
        if (data.noProblems() != null) {
            out.write("\nnot a set of problems: " + data.noProblems() + "\n");
        }
    }

    /** Further lines of a value stand below the first. */
    private static void field(String name, String value, Writer out) throws IOException {
        String indent = "\n" + " ".repeat(name.length() + 4);
        out.write("  " + name + ": " + value.strip().replaceAll("\\R", indent) + "\n");
    }
}
