package org.grpo4j.training.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.quickstart.QuickstartResult.Outcome;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.RunRollouts;
import org.grpo4j.training.report.RunSeries;
import org.grpo4j.training.report.Settings;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.trainer.Evaluator;
import org.grpo4j.training.trainer.GrpoTrainer;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.SftTrainer;
import org.grpo4j.training.trainer.TokenExample;

/**
 * Trains a tiny policy to add three numbers with worked steps: imitation of faulty demonstrations first, then GRPO and
 * GRPO-λ from where that ends, with the same budget and the same prompts.
 */
public final class Quickstart {
    /** Bytes of completions in the page for each of its two runs. */
    private static final long ROLLOUT_BYTES = Report.ROLLOUT_BYTES / 2;

    private final QuickstartConfig config;
    private final Progress.Style style;
    private final PrintStream err;
    private final PhaseTimer timer = new PhaseTimer();

    /**
     * A quickstart, ready to run once.
     *
     * @param style of the progress display
     * @param err where it is shown
     */
    public Quickstart(QuickstartConfig config, Progress.Style style, PrintStream err) {
        this.config = config;
        this.style = style;
        this.err = err;
    }

    /** A run that has ended, with what the report shows of it. */
    record Run(Outcome outcome, RunSeries series, RunRollouts rollouts) {}

    /** Writes data, checkpoints, metrics and {@code report.html} below the folder of the configuration. */
    public QuickstartResult run() throws IOException {
        long start = System.nanoTime();
        try (var phase = timer.phase("data")) {
            QuickstartData.write(config);
        }
        Run imitation = imitate("SFT start", config.sft());
        List<Run> trained = List.of(reinforce("GRPO", config.grpo()), reinforce("GRPO-λ", config.grpoLambda()));
        QuickstartResult result = new QuickstartResult(
                config.folder(),
                imitation.outcome,
                trained.stream().map(Run::outcome).toList(),
                timer.drain(),
                (System.nanoTime() - start) / 1e9);
        QuickstartReport.of(config, result, trained).write(config.folder().resolve("report.html"));
        return result;
    }

    private Run imitate(String name, SftConfig sft) throws IOException {
        RunFolder folder = open(sft.output(), sft);
        int steps = sft.training().steps();
        try (RunRecorder recorder = recorder(name, steps, Metric.SUPERVISED, folder)) {
            long start = System.nanoTime();
            try (var phase = timer.phase(name);
                    Policy policy = Policy.of(sft.model(), config.seed());
                    SftTrainer trainer = new SftTrainer(sft, policy, demonstrations(policy, sft), null, folder)) {
                trainer.run(recorder);
            }
            return ended(name, sft, folder, recorder, start);
        }
    }

    private static List<TokenExample> demonstrations(Policy policy, SftConfig sft) {
        return new Prompts(policy.tokenizer(), sft.data()).demonstrations(Prompts.load(sft.data()));
    }

    private Run reinforce(String name, TrainConfig train) throws IOException {
        RunFolder folder = open(train.output(), train);
        int steps = train.training().steps();
        try (RunRecorder recorder = recorder(name, steps, Metric.REINFORCEMENT, folder)) {
            long start = System.nanoTime();
            try (var phase = timer.phase(name);
                    Policy policy = Policy.of(train.model(), config.seed());
                    RolloutLog rollouts = recorder.keepRollouts(policy.tokenizer());
                    GrpoTrainer trainer = trainer(train, policy, folder)) {
                trainer.run(recorder);
            }
            return ended(name, train, folder, recorder, start);
        }
    }

    private static GrpoTrainer trainer(TrainConfig train, Policy policy, RunFolder folder) {
        WeightedRewards rewards = RewardRegistry.standard(
                        HeldOut.VERIFIER, train.rollout().maxNewTokens())
                .build(train.rewards());
        EvaluationSection evaluation = train.evaluation();
        Evaluator evaluator = evaluation == null ? null : HeldOut.evaluator(policy, evaluation, train.rollout());
        return new GrpoTrainer(train, policy, Prompts.load(train.data()), rewards, evaluator, folder);
    }

    private static RunFolder open(Path output, Record settings) throws IOException {
        RunFolder folder = new RunFolder(output, ConfigYaml.write(settings));
        folder.requireUnused();
        folder.writeConfig();
        return folder;
    }

    private RunRecorder recorder(String name, int steps, Set<Metric> required, RunFolder folder) throws IOException {
        return new RunRecorder(required, folder, Progress.start(name, 0, steps, style, err));
    }

    /** Reads the checkpoint back and evaluates it, so that what is reported is what was saved. */
    private Run ended(String name, Record settings, RunFolder folder, RunRecorder recorder, long start)
            throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        Evaluator.Result heldOut;
        try (var phase = timer.phase("final evaluations")) {
            heldOut = HeldOut.evaluate(folder.path(), config);
        }
        recorder.onNote(String.format(Locale.ROOT, "%s: held-out accuracy %.3f", name, heldOut.accuracy()));
        return new Run(
                new Outcome(name, heldOut, recorder.metrics(), seconds),
                new RunSeries(name, Settings.of(settings), recorder.metrics()),
                new RunRollouts(name, RolloutFiles.of(folder.path()).spread(ROLLOUT_BYTES)));
    }
}
