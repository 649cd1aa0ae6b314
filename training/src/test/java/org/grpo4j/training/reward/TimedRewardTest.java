package org.grpo4j.training.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimedRewardTest {
    private static final double SHORT = 0.05;
    private static final double LONG = 60;

    private final AtomicInteger calls = new AtomicInteger();

    private static RewardContext completion(String text) {
        return new RewardContext("2+2=", List.of("4"), text, 1, false);
    }

    @Test
    void valuesAndFaultsAreThoseOfTheReward() {
        TimedReward reward = new TimedReward(
                context -> {
                    if (context.completion().equals("bad")) {
                        throw new IllegalArgumentException("no verdict");
                    }
                    return context.completion().length();
                },
                LONG);
        for (int length = 0; length < 50; length++) {
            assertThat(reward.score(completion("x".repeat(length)))).isEqualTo(length);
        }
        assertThatThrownBy(() -> reward.score(completion("bad")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no verdict");
        assertThat(reward.score(completion("good"))).isEqualTo(4);
    }

    @Test
    void aRewardThatHangsIsAFailureAndTheNextCompletionIsJudged() {
        RewardRegistry registry = RewardRegistry.standard(String::equals, 10).register("slow", settings -> context -> {
            if (context.completion().equals("hang")) {
                awaitForEver();
            }
            return 0.5;
        });
        WeightedRewards rewards = registry.build(
                List.of(new RewardConfig("slow", 1, null, null, null, SHORT), RewardConfig.of("answer", 1)));
        WeightedRewards.Score hung = rewards.score(completion("hang"));
        assertThat(hung.isUsable()).isFalse();
        assertThat(hung.failures()).containsOnlyKeys("slow");
        assertThat(hung.failures().get("slow")).contains("no value within 0.05 s");
        assertThat(hung.values()).containsOnlyKeys("answer");
        assertThat(rewards.score(completion("4")).total()).hasValue(1.5);
    }

    /** On a busy machine a thread may not even have begun when its time is over: it hangs on nothing. */
    @Test
    void completionsThatWereNeverAskedAboutDoNotCountAsHanging() throws InterruptedException {
        TimedReward reward = new TimedReward(context -> 1, 1e-9);
        for (int i = 0; i < 200; i++) {
            try {
                reward.score(completion("4"));
            } catch (IllegalStateException late) {
                // Those that had begun end by themselves before long.
                Thread.sleep(1);
            }
        }
        Thread.sleep(200);
        try {
            assertThat(reward.score(completion("4"))).isEqualTo(1);
        } catch (IllegalStateException late) {
            assertThat(late).hasMessageContaining("gave no value");
        }
    }

    private static void awaitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** One that does not even end when it is interrupted. */
    @Test
    void threadsThatHangDoNotPileUp() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        TimedReward reward = new TimedReward(
                context -> {
                    calls.incrementAndGet();
                    while (release.getCount() > 0) {
                        Thread.interrupted();
                        Thread.onSpinWait();
                        Thread.yield();
                    }
                    return 1;
                },
                SHORT);
        for (int i = 0; i < TimedReward.MOST_STUCK; i++) {
            assertThatThrownBy(() -> reward.score(completion("x"))).hasMessageContaining("no value within");
        }
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> reward.score(completion("x")))
                    .hasMessageContaining("still hangs on " + TimedReward.MOST_STUCK + " earlier");
        }
        assertThat(calls).hasValue(TimedReward.MOST_STUCK);
        release.countDown();
        // Once they have ended it is asked again.
        double value = 0;
        for (int i = 0; i < 1000 && value == 0; i++) {
            try {
                value = reward.score(completion("x"));
            } catch (IllegalStateException stillThere) {
                Thread.sleep(10);
            }
        }
        assertThat(value).isEqualTo(1);
    }

    /** Backtracking that would outlast the universe, in code that knows nothing of interrupts. */
    @Test
    void aPatternThatNeverComesToAnEndIsGivenUp() {
        RewardRegistry registry = RewardRegistry.standard(String::equals, 10);
        WeightedRewards rewards =
                registry.build(List.of(new RewardConfig("format", 1, "(.*a){15}b", null, null, SHORT)));
        WeightedRewards.Score score = rewards.score(completion("a".repeat(60)));
        assertThat(score.failures().get("format")).contains("no value within");
        assertThat(rewards.score(completion("a".repeat(15) + "b")).total()).hasValue(1);
        assertThat(FormatReward.markedAnswer().endsByItself()).isTrue();
    }

    @Test
    void aRewardThatFailsInAnyWayIsReported() {
        RewardRegistry registry = RewardRegistry.standard(String::equals, 10).register("deep", settings -> context -> {
            throw new AssertionError("own check");
        });
        WeightedRewards.Score score =
                registry.build(List.of(RewardConfig.of("deep", 1))).score(completion("x"));
        assertThat(score.failures().get("deep")).contains("own check");
        assertThatThrownBy(() -> new RewardConfig("deep", 1, null, null, null, 0))
                .hasMessageContaining("timeout_seconds of reward \"deep\" is 0.0");
    }
}
