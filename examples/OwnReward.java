import java.nio.file.Path;
import java.util.List;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.arithmetic.Arithmetic;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.reward.Reward;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.trainer.GrpoTrainer;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.RunFolder;

/** GRPO-λ with a reward of your own: any function of what the policy wrote. Arguments: a new folder, and steps. */
public class OwnReward {

    /** The share of a completion's characters that are digits, with a little more for those that end by themselves. */
    static final Reward DIGITS = context -> {
        String text = context.completion();
        double share = text.isEmpty() ? 0 : (double) text.chars().filter(Character::isDigit).count() / text.length();
        return share + (context.truncated() ? 0 : 0.1);
    };

    public static void main(String[] arguments) throws Exception {
        TrainConfig config = ConfigLoader.parse("""
                model:
                  init: {layers: 1, width: 32, heads: 2, kv_heads: 1, feed_forward: 64, init_std: 0.2}
                data: {path: generated}
                rollout: {group_size: 8, prompts_per_step: 4, max_new_tokens: 8}
                objective: {trace: e-trace, style: both, lambda: 0.99, trace_normalisation: row}
                optimiser: {learning_rate: 0.01}
                """, "OwnReward", TrainConfig.class,
                List.of("output=" + arguments[0], "training.steps=" + arguments[1]));
        ProblemSet problems = Arithmetic.DEFAULT.splits(64, 1, 7).train();
        WeightedRewards rewards = new WeightedRewards(List.of(new WeightedRewards.Component("digits", 1, DIGITS)));
        RunFolder folder = new RunFolder(Path.of(arguments[0]), ConfigYaml.write(config));
        try (Policy policy = Policy.of(config.model(), config.training().seed());
                GrpoTrainer trainer = new GrpoTrainer(config, policy, problems, rewards, null, folder)) {
            trainer.run(step -> System.out.printf(
                    "step %d: reward %.3f%n", step.step(), step.value(Metric.REWARD_MEAN).getAsDouble()));
        }
    }
}
