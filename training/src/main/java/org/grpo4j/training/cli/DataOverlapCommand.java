package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.overlap.Overlap;
import org.grpo4j.datasets.overlap.OverlapConfig;
import org.grpo4j.datasets.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code grpo4j data overlap}. */
@Command(
        name = "overlap",
        description = "Problems that two data sets share, such as training data and a test set.",
        footer = {
            "",
            "Exact: the same words, numbers and operators, whatever their case, spacing, punctuation, LaTeX spacing or chat"
                    + " template. Near: one holds at least the threshold's share of the runs of N tokens of the shorter."
        })
final class DataOverlapCommand implements Callable<Integer> {

    private static final int LONGEST_EXAMPLE = 300;

    @Parameters(index = "0", paramLabel = "A", description = "A data set, as for grpo4j data.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private Path second;

    @Option(
            names = "--ngram",
            defaultValue = "8",
            paramLabel = "N",
            description = "Tokens in a row that are compared (${DEFAULT-VALUE}).")
    private int ngram;

    @Option(
            names = "--threshold",
            defaultValue = "0.6",
            paramLabel = "X",
            description = "Share of the n-grams that makes two problems near (${DEFAULT-VALUE}).")
    private double threshold;

    @Option(
            names = "--examples",
            defaultValue = "3",
            paramLabel = "N",
            description = "How many pairs of each kind to show (${DEFAULT-VALUE}).")
    private int examples;

    @Mixin
    private ColumnOptions columns;

    @Mixin
    private JsonOutput output;

    @Override
    public Integer call() throws IOException {
        OverlapConfig config = new OverlapConfig(ngram, threshold, examples);
        Overlap overlap = Overlap.of(Table.open(first), Table.open(second), columns.columns(), config);
        output.write(overlap.toMap(), out -> print(overlap, out));
        return 0;
    }

    private static void print(Overlap overlap, Writer out) throws IOException {
        side(overlap.first(), out);
        side(overlap.second(), out);
        for (Overlap.Pair pair : overlap.examples()) {
            String kind =
                    pair.exact() ? "exact" : String.format(Locale.ROOT, "near, %.0f %%", 100 * pair.containment());
            out.write("\n" + kind + "\n");
            problem("A", pair.first(), out);
            problem("B", pair.second(), out);
        }
    }

    private static void side(Overlap.Side side, Writer out) throws IOException {
        out.write(side.source() + ": " + side.rows() + " problems, " + side.exact() + " of them also in the other set, "
                + side.near() + " more near one there\n");
    }

    private static void problem(String set, Problem problem, Writer out) throws IOException {
        String text = Failure.oneLine(problem.problem());
        String shown = text.length() <= LONGEST_EXAMPLE ? text : text.substring(0, LONGEST_EXAMPLE) + "…";
        out.write("  " + set + " " + problem.id() + ": " + shown + "\n");
    }
}
