package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.reward.Reward;
import org.grpo4j.training.reward.WeightedRewards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which completions of a step teach, and which rows of the data they take. */
class RolloutCollectionTest {

    /** Differs between any two completions. */
    private static final Reward VARIED = context -> context.completion().hashCode();

    /** Differs for half of the problems and is always the same for the others. */
    private static final Reward HALF_FLAT = context -> context.problem().charAt(0) % 2 == 0 ? 1 : VARIED.score(context);

    @TempDir
    Path folder;

    private interface Use {
        void of(RolloutCollection collection);
    }

    private void with(Reward reward, Use use, String... settings) throws IOException {
        TrainConfig config = TinyRun.train(folder, settings);
        WeightedRewards rewards = new WeightedRewards(List.of(new WeightedRewards.Component("own", 1, reward)));
        try (Policy policy = Policy.of(config.model(), 7);
                Replicas replicas = new Replicas(2);
                Rollouts rollouts = new Rollouts(policy, replicas, 64)) {
            use.of(new RolloutCollection(config, policy, Prompts.load(config.data()), rewards, rollouts));
        }
    }

    private static Set<Integer> groups(List<ScoredRollout> rollouts) {
        return rollouts.stream().map(ScoredRollout::group).collect(Collectors.toSet());
    }

    private static List<String> problems(List<ScoredRollout> rollouts) {
        return rollouts.stream().map(r -> r.problem().id()).distinct().toList();
    }

    private static List<List<Integer>> tokens(List<ScoredRollout> rollouts) {
        return rollouts.stream()
                .map(r -> Arrays.stream(r.completion().tokens()).boxed().toList())
                .toList();
    }

    @Test
    void withoutDynamicSamplingAllGroupsAreUsedAndTheNextStepBeginsAfterThem() throws IOException {
        with(HALF_FLAT, collection -> {
            RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
            assertThat(batch.used()).isEqualTo(batch.all()).hasSize(16);
            assertThat(groups(batch.all())).containsExactlyInAnyOrder(0, 1, 2, 3);
            assertThat(batch.attempts()).isEqualTo(1);
            assertThat(batch.droppedGroups()).isZero();
            assertThat(batch.dataPosition()).isEqualTo(4);
            assertThat(problems(collection.collect(2, 4, new PhaseTimer()).all()))
                    .doesNotContainAnyElementsOf(problems(batch.all()));
        });
    }

    @Test
    void groupsWithoutSpreadAreReplacedByTheNextRows() throws IOException {
        with(
                HALF_FLAT,
                collection -> {
                    RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
                    assertThat(groups(batch.used())).hasSize(4);
                    assertThat(batch.used())
                            .hasSize(16)
                            .allMatch(r -> r.problem().problem().charAt(0) % 2 == 1)
                            .allMatch(r -> r.advantage() != 0);
                    assertThat(batch.attempts()).isGreaterThan(1);
                    assertThat(batch.droppedGroups()).isPositive();
                    assertThat(batch.all()).hasSize(4 * (4 + batch.droppedGroups()));
                    assertThat(batch.dataPosition()).isEqualTo(4 + batch.droppedGroups());
                    // Rows follow each other in the order of the epoch: no problem is asked twice.
                    assertThat(problems(batch.all())).hasSize(4 + batch.droppedGroups());
                },
                "rollout.dynamic_sampling={max_attempts: 10}");
    }

    @Test
    void attemptsAreBounded() throws IOException {
        with(
                context -> 1,
                collection -> {
                    RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
                    assertThat(batch.used()).isEmpty();
                    assertThat(batch.attempts()).isEqualTo(3);
                    assertThat(batch.droppedGroups()).isEqualTo(12);
                    assertThat(batch.dataPosition()).isEqualTo(12);
                    assertThat(batch.all()).hasSize(48).allMatch(r -> r.advantage() == 0);
                },
                "rollout.dynamic_sampling={max_attempts: 3}");
    }

    @Test
    void theSameProblemIsAnsweredAnewInAnotherAttempt() throws IOException {
        with(
                context -> 1,
                collection -> {
                    List<ScoredRollout> all =
                            collection.collect(1, 0, new PhaseTimer()).all();
                    // Of one row only, every attempt asks the same.
                    assertThat(problems(all)).hasSize(1);
                    assertThat(all).hasSize(8);
                    assertThat(tokens(all.subList(0, 4))).isNotEqualTo(tokens(all.subList(4, 8)));
                },
                "data.limit=1",
                "rollout.prompts_per_step=1",
                "rollout.dynamic_sampling={max_attempts: 2}");
    }

    @Test
    void aProblemThatAStepAsksTwiceIsAnsweredAnew() throws IOException {
        with(
                VARIED,
                collection -> {
                    List<ScoredRollout> all =
                            collection.collect(1, 0, new PhaseTimer()).all();
                    assertThat(problems(all)).hasSize(3);
                    ScoredRollout last = all.get(15);
                    int first = all.stream()
                            .filter(r -> r.problem().equals(last.problem()))
                            .mapToInt(ScoredRollout::group)
                            .min()
                            .orElseThrow();
                    assertThat(last.group()).isEqualTo(3).isNotEqualTo(first);
                    assertThat(tokens(all.subList(12, 16))).isNotEqualTo(tokens(all.subList(4 * first, 4 * first + 4)));
                },
                "data.limit=3");
    }

    /** Groups that differ in completions only that the loss does not see make room for others. */
    @Test
    void groupsOfTruncatedCompletionsAreDroppedWhereTheseAreMasked() throws IOException {
        with(
                VARIED,
                collection -> {
                    RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
                    assertThat(batch.all()).anyMatch(r -> !r.completion().finished());
                    assertThat(batch.droppedGroups()).isPositive();
                    assertThat(batch.attempts()).isGreaterThan(1);
                    assertThat(batch.used()).allMatch(r -> r.completion().finished());
                    assertThat(groups(batch.used())).hasSize(batch.all().size() / 4 - batch.droppedGroups());
                },
                "rollout={group_size: 4, prompts_per_step: 4, max_new_tokens: 2, truncated: mask}",
                "rollout.dynamic_sampling={max_attempts: 6}");
    }

    @Test
    void theFirstAttemptSamplesWhatAStepWithoutDynamicSamplingDoes() throws IOException {
        List<List<Integer>> plain = new ArrayList<>();
        with(
                VARIED,
                collection -> plain.addAll(
                        tokens(collection.collect(3, 8, new PhaseTimer()).all())));
        with(
                VARIED,
                collection -> {
                    RolloutBatch batch = collection.collect(3, 8, new PhaseTimer());
                    assertThat(tokens(batch.all())).isEqualTo(plain);
                    assertThat(batch.attempts()).isEqualTo(1);
                },
                "rollout.dynamic_sampling={}");
    }

    @Test
    void truncatedCompletionsMayBeLeftOutOfTheLossButNotOfTheirGroup() throws IOException {
        with(
                VARIED,
                collection -> {
                    RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
                    assertThat(batch.used())
                            .isNotEmpty()
                            .hasSizeLessThan(16)
                            .containsExactlyElementsOf(batch.all().stream()
                                    .filter(r -> r.completion().finished())
                                    .toList());
                    for (int group : groups(batch.all())) {
                        assertThat(batch.all().stream()
                                        .filter(r -> r.group() == group)
                                        .mapToDouble(ScoredRollout::advantage)
                                        .sum())
                                .isBetween(-1e-9, 1e-9);
                    }
                },
                "rollout.truncated=mask");
    }

    @Test
    void lengthsNearTheLimitMayBePenalised() throws IOException {
        with(
                context -> 5,
                collection -> {
                    for (ScoredRollout r :
                            collection.collect(1, 0, new PhaseTimer()).all()) {
                        int over = r.completion().tokens().length - (24 - 20);
                        double expected = r.completion().finished() ? -Math.max(0, Math.min(1, over / 20.0)) : -1;
                        assertThat(r.score().values().get("overlong")).isEqualTo(expected + 0.0);
                        assertThat(r.score().total()).hasValue(5 + expected);
                    }
                },
                "rollout.truncated=penalise",
                "rollout.overlong_buffer=20");
    }

    @Test
    void onlyWhatIsNotWorseThanItsGroupIsUsedIfAskedFor() throws IOException {
        with(
                VARIED,
                collection -> {
                    RolloutBatch batch = collection.collect(1, 0, new PhaseTimer());
                    assertThat(batch.used())
                            .hasSizeBetween(4, 12)
                            .hasSize((int) batch.all().stream()
                                    .filter(r -> r.advantage() >= 0)
                                    .count())
                            .allMatch(r -> r.advantage() >= 0);
                },
                "training.positive_only=true");
    }

    @Test
    void aStepThatCannotBeScoredIsAnError() throws IOException {
        with(
                context -> {
                    throw new IllegalStateException("no judge");
                },
                collection -> assertThatThrownBy(() -> collection.collect(5, 0, new PhaseTimer()))
                        .hasMessageContaining("no completion of step 5 could be scored")
                        .hasMessageContaining("no judge"));
    }
}
