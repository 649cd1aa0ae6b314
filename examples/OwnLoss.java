import java.nio.file.Path;
import java.util.List;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.arithmetic.Arithmetic;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.objective.TokenSurrogate;
import org.grpo4j.training.reward.FormatReward;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.trainer.GrpoTrainer;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.RunFolder;

/** A loss of your own, with the trace, the advantages and the trainer as they are. Arguments: a new folder, and steps. */
public class OwnLoss {

    /** How soon the gate closes; 4 / SHARPNESS makes its slope 1 on-policy, where the loss has to be that of GRPO. */
    private static final double SHARPNESS = 4;

    /** A smooth gate in place of the clip: {@code 4/s · sigmoid(s (ρ − 1)) · A}, flat far from ρ = 1 and never dead. */
    static final TokenSurrogate SMOOTH_GATE = (ratio, advantages, logProbs) -> ratio.getSameDiff()
            .nn()
            .sigmoid(ratio.sub(1.0).mul(SHARPNESS))
            .mul(4 / SHARPNESS)
            .mul(advantages);

    public static void main(String[] arguments) throws Exception {
        TrainConfig config = ConfigLoader.parse("""
                model:
                  init: {layers: 1, width: 32, heads: 2, kv_heads: 1, feed_forward: 64, init_std: 0.2}
                data: {path: generated}
                rollout: {group_size: 8, prompts_per_step: 4, max_new_tokens: 8}
                objective: {trace: e-trace, style: recent, lambda: 0.9, trace_normalisation: row}
                optimiser: {learning_rate: 0.01}
                training: {optimiser_steps_per_batch: 2}
                """, "OwnLoss", TrainConfig.class,
                List.of("output=" + arguments[0], "training.steps=" + arguments[1]));
        ProblemSet problems = Arithmetic.DEFAULT.splits(64, 1, 7).train();
        FormatReward even = new FormatReward(java.util.regex.Pattern.compile("[02468]"));
        WeightedRewards rewards = new WeightedRewards(List.of(new WeightedRewards.Component("even", 1, even)));
        RunFolder folder = new RunFolder(Path.of(arguments[0]), ConfigYaml.write(config));
        try (Policy policy = Policy.of(config.model(), config.training().seed());
                GrpoTrainer trainer =
                        new GrpoTrainer(config, policy, problems, rewards, null, folder, SMOOTH_GATE)) {
            trainer.run(step -> System.out.printf("step %d: reward %.3f, loss %.4f%n", step.step(),
                    step.value(Metric.REWARD_MEAN).getAsDouble(), step.value(Metric.LOSS).getAsDouble()));
        }
    }
}
