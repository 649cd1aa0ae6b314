package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.TrainConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is recorded while sampling is what training computes: the ratio of an unchanged policy is 1. */
class RolloutConsistencyTest {

    private static final int COMPLETIONS = 64;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1.0, 0, 1.0", "0.7, 0, 1.0", "1.3, 12, 0.9"})
    void sampledLogProbsAreThoseOfTheTrainingForward(double temperature, int topK, double topP) throws IOException {
        TrainConfig config = TinyRun.train(folder);
        ProblemSet problems = Prompts.load(config.data());
        try (Policy policy = Policy.of(config.model(), 3);
                Replicas replicas = new Replicas(2);
                // Fewer rows than completions, so that rows are refilled on the way.
                Rollouts rollouts = new Rollouts(policy, replicas, 10);
                PolicyUpdate update = new PolicyUpdate(
                        Trainable.of(policy.model()),
                        null,
                        replicas,
                        config.objective(),
                        temperature,
                        new MicroBatching(1024, false))) {
            Prompts prompts = new Prompts(policy.tokenizer(), config.data());
            List<CompletionRequest> requests = new ArrayList<>();
            for (int i = 0; i < COMPLETIONS; i++) {
                int[] prompt = prompts.encode(problems.get(i / 4));
                requests.add(new CompletionRequest(prompt, Seeds.derive(5, i)));
            }
            SamplingConfig sampling = new SamplingConfig(temperature, topK, topP, 40, policy.stopIds(List.of()));
            List<Completion> completions = rollouts.sample(requests, sampling);
            Set<Integer> lengths =
                    completions.stream().map(c -> c.tokens().length).collect(Collectors.toSet());
            assertThat(lengths).hasSizeGreaterThan(10);

            List<TokenExample> examples = new ArrayList<>();
            for (int i = 0; i < COMPLETIONS; i++) {
                examples.add(new TokenExample(
                        requests.get(i).prompt(), completions.get(i).tokens()));
            }
            PolicyUpdate.Pass pass = update.prepare(
                            examples,
                            completions.stream().map(Completion::logProbs).toList(),
                            new double[COMPLETIONS])
                    .run(0);
            assertThat(pass.logProbGap()).isLessThan(1e-4);
            assertThat(pass.metrics().meanRatio()).isBetween(0.999, 1.001);
        }
    }
}
