package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.benchmark.Benchmark;
import org.grpo4j.datasets.benchmark.BenchmarkData;
import org.grpo4j.datasets.benchmark.Benchmarks;
import org.grpo4j.datasets.benchmark.FolderBenchmark;
import org.grpo4j.datasets.benchmark.PromptedBenchmark;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.eval.Bootstrap;
import org.grpo4j.training.eval.EvaluationConfig;
import org.grpo4j.training.eval.EvaluationResult;
import org.grpo4j.training.eval.EvaluationRun;
import org.grpo4j.training.eval.RunComparison;
import org.grpo4j.training.report.ReportTable;
import org.grpo4j.training.report.TableText;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grpo4j eval}. */
@Command(
        name = "eval",
        description = "Evaluate a model on benchmarks, or compare two evaluations.",
        footer = {
            "",
            "Suites: aime24, math500, olympiadbench, minerva, amc23 (together: five), gsm8k, arithmetic, or the path of a data"
                    + " set of your own. The output folder gets samples.jsonl (a line a completion, written batch by batch),"
                    + " summary.json and report.html. Started again with the same settings, an evaluation that was broken off"
                    + " goes on where it stopped."
        })
final class EvalCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Task task = new Task();

    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "K",
            description = "Completions of each problem (${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--max-new-tokens",
            defaultValue = "2048",
            paramLabel = "N",
            description = "Length at which a completion is cut (${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Divides the logits; 0 takes the likeliest token (0 for one sample, 1 for several).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Sample among the likeliest tokens of this probability (${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "The same seed gives the same completions (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--limit", paramLabel = "N", description = "The first problems of each suite only.")
    private @Nullable Integer limit;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the benchmarks' data (environment variable GRPO4J_DATA, else ./data).")
    private @Nullable Path data;

    @Option(names = "--split", paramLabel = "NAME", description = "For a suite given by its path: its split.")
    private @Nullable String split;

    @Option(
            names = "--problem-column",
            paramLabel = "NAME",
            description = "For a suite given by its path: column of the problem (found by name).")
    private @Nullable String problemColumn;

    @Option(
            names = "--answer-column",
            paramLabel = "NAME",
            description = "For a suite given by its path: column of the answer (found by name).")
    private @Nullable String answerColumn;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder of the results (runs/eval-NAME, after the model's folder).")
    private @Nullable Path output;

    @Mixin
    private ChatOptions chat;

    @Mixin
    private LoadOptions loading;

    @Option(
            names = "--prompt-template",
            paramLabel = "TEXT",
            description = "The prompt in place of the suites' own; {problem} stands for the problem.")
    private @Nullable String promptTemplate;

    @Option(
            names = "--batch-size",
            defaultValue = "64",
            paramLabel = "N",
            description = "Completions sampled together and then written (${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--json", description = "Print the summary as JSON instead of a table.")
    private boolean json;

    @Option(names = "--quiet", description = "No progress, only errors and the result.")
    private boolean quiet;

    /** Either of the two things the command does. */
    private static final class Task {

        @ArgGroup(exclusive = false)
        private @Nullable Evaluation evaluation;

        @Option(
                names = "--compare",
                arity = "2",
                paramLabel = "RUN",
                description = "Compare two output folders on the problems they share, the second minus the first.")
        private Path @Nullable [] compare;
    }

    /** What an evaluation needs. */
    private static final class Evaluation {

        @Option(
                names = "--model",
                required = true,
                paramLabel = "DIR",
                description = "A checkpoint folder, or the folder of a run.")
        private Path model;

        @Option(
                names = "--suite",
                required = true,
                paramLabel = "NAME_OR_PATH",
                description = "What to evaluate on; several separated by commas.")
        private String suite;
    }

    @Override
    public Integer call() throws IOException {
        if (task.compare != null) {
            compare(task.compare);
        } else if (task.evaluation != null) {
            evaluate(task.evaluation);
        }
        return 0;
    }

    private void compare(Path[] runs) throws IOException {
        if (runs.length != 2) {
            throw new InputException("--compare takes two output folders, not " + runs.length);
        }
        RunComparison comparison = RunComparison.of(runs[0], runs[1], Bootstrap.DEFAULT);
        if (!comparison.settingsThatDiffer().isEmpty() && !quiet) {
            spec.commandLine()
                    .getErr()
                    .println("the two evaluations differ in " + String.join(", ", comparison.settingsThatDiffer()));
        }
        print(comparison.toMap(), comparison.table());
    }

    private void evaluate(Evaluation evaluation) throws IOException {
        EvaluationConfig config = config();
        List<Benchmark> suites = suites(evaluation.suite);
        Path model = ModelFolder.of(evaluation.model);
        Path folder = output == null ? defaultOutput(evaluation.model) : output;
        try (Policy policy = loading.policy(model);
                Replicas replicas = new Replicas(Replicas.countOf(0))) {
            EvaluationRun run = new EvaluationRun(
                    policy, model, chat.encoder(policy, model, Prompts.CHAT_CLOCK), suites, config, folder);
            EvaluationResult result = run.run(replicas, quiet ? (suite, done, total) -> {} : progress());
            result.writeReport(folder.resolve("report.html"));
            print(result.toMap(), result.table());
            if (!quiet) {
                spec.commandLine().getErr().println("Results and completions: " + folder);
            }
        }
    }

    private EvaluationConfig config() {
        double standard = samples == 1 ? 0 : 1;
        return new EvaluationConfig(
                samples,
                maxNewTokens,
                temperature == null ? standard : temperature,
                topP,
                seed,
                limit,
                chat.settings(),
                promptTemplate,
                batchSize);
    }

    private List<Benchmark> suites(String names) {
        BenchmarkData folder = data == null ? BenchmarkData.standard() : new BenchmarkData(data);
        return Benchmarks.standard().resolve(names, folder).stream()
                .map(this::asAsked)
                .toList();
    }

    private Benchmark asAsked(Benchmark suite) {
        Benchmark read = suite instanceof FolderBenchmark own
                ? own.reading(split, ProblemColumns.of(problemColumn, answerColumn))
                : suite;
        return promptTemplate == null ? read : new PromptedBenchmark(read, promptTemplate);
    }

    private static Path defaultOutput(Path model) {
        Path name = model.toAbsolutePath().normalize().getFileName();
        return Path.of("runs", "eval-" + (name == null ? "model" : name));
    }

    /** A line for each new suite, and for the others when the last line is ten seconds old. */
    private EvaluationRun.Listener progress() {
        PrintWriter err = spec.commandLine().getErr();
        long start = System.nanoTime();
        return new EvaluationRun.Listener() {
            private String last = "";
            private double lastSeconds;

            @Override
            public void onBatch(String suite, int done, int total) {
                double seconds = (System.nanoTime() - start) / 1e9;
                if (!suite.equals(last) || done == total || seconds - lastSeconds >= 10) {
                    last = suite;
                    lastSeconds = seconds;
                    err.println(String.format(
                            Locale.ROOT, "eval %s  %d of %d completions, %.0f s", suite, done, total, seconds));
                    err.flush();
                }
            }
        };
    }

    private void print(Map<String, @Nullable Object> map, ReportTable table) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? new ObjectMapper().writeValueAsString(map) + "\n" : TableText.of(table));
        out.flush();
    }
}
