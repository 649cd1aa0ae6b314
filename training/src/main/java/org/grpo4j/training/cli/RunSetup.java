package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.trainer.Evaluator;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.RunFolder;
import org.jspecify.annotations.Nullable;

/** The parts of a run that {@code sft} and {@code train} make in the same way. Nothing here writes. */
final class RunSetup {

    /** Whether a completion (second) gives the gold answer (first). */
    static final BiPredicate<String, String> VERIFIER =
            (gold, completion) -> Verifier.verify(gold, completion).correct();

    private RunSetup() {}

    /**
     * The folder of a run. A new run must not mix with an older one; a resumed run goes on in the folder its checkpoint
     * lies in, or starts another.
     */
    static RunFolder folder(Path output, Record config, @Nullable ResumePoint resume) {
        RunFolder folder = new RunFolder(output, ConfigYaml.write(config));
        boolean goesOn = resume != null && isOf(resume.folder(), output);
        if (!goesOn) {
            folder.requireUnused();
        }
        return folder;
    }

    /** Held-out evaluation with the completions limited to {@code maxNewTokens}; null without an evaluation section. */
    static @Nullable Evaluator evaluator(
            Policy policy, @Nullable EvaluationSection section, int maxNewTokens, List<String> stop) {
        if (section == null) {
            return null;
        }
        Prompts prompts = new Prompts(policy.tokenizer(), section.data());
        ProblemSet problems = Prompts.load(section.data());
        requireRoom(policy, prompts, problems);
        SamplingConfig sampling = new SamplingConfig(section.temperature(), 0, 1, maxNewTokens, policy.stopIds(stop));
        return new Evaluator(policy, prompts, problems, section.samples(), sampling, VERIFIER);
    }

    /**
     * Refuses prompts that fill all of the model's positions now, not in the step that first meets one.
     *
     * @return tokens of the longest prompt
     */
    static int requireRoom(Policy policy, Prompts prompts, List<Problem> problems) {
        int positions = policy.config().maxPositionEmbeddings();
        int longest = 0;
        for (Problem problem : problems) {
            int length = prompts.encode(problem).length;
            if (length >= positions) {
                throw new InputException("the prompt of problem " + problem.id() + " has " + length
                        + " tokens, which leaves no room in the model's " + positions
                        + " positions; take the row out of the data, or use a model with a longer context");
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /** Refuses a run that has nothing left to do: no step, its final checkpoint is where it belongs, and it has a report. */
    static void requireStepsLeft(ResumePoint point, Path output, int steps) {
        int done = point.step();
        Path from = real(point.folder());
        boolean unplaced = real(output).equals(from.getParent());
        boolean untidy = real(output).equals(from)
                && (Files.exists(output.resolve("checkpoint-" + steps))
                        || !Files.exists(output.resolve("report.html")));
        if (done > steps || (done == steps && !unplaced && !untidy)) {
            throw new InputException("the checkpoint has done " + done + " steps and training.steps is " + steps
                    + ", so nothing is left to do; raise training.steps, for instance with --set training.steps="
                    + 2 * done);
        }
    }

    /** Whether a checkpoint is of the run in a folder: its final one, one of the others, or one put aside. */
    private static boolean isOf(Path checkpoint, Path run) {
        Path root = real(run);
        Path at = real(checkpoint);
        boolean inRun =
                root.equals(at.getParent()) && at.getFileName().toString().startsWith("checkpoint-");
        boolean aside = root.resolve("superseded").equals(at.getParent());
        return root.equals(at) || inRun || aside;
    }

    /** The same for a folder whether or not it is reached through links. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}
