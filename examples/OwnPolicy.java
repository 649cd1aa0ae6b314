import java.util.*;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.*;
import org.grpo4j.framework.optim.AdamW;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.training.objective.*;
import org.nd4j.autodiff.samediff.*;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** GRPO-λ on a graph of your own: here a table of next tokens that learns to count. Arguments: a folder (unused), steps. */
public class OwnPolicy {
    private static final int VOCABULARY = 8, GROUP = 32, TIME = 6;

    public static void main(String[] arguments) {
        ObjectiveConfig config = ObjectiveConfig.grpo().with(Map.of("trace", "e-trace", "lambda", 0.5));
        SameDiff graph = Graphs.create();
        Random random = new Random(1);
        int[] from = new int[GROUP * TIME], to = new int[GROUP * TIME], lengths = new int[GROUP];
        Arrays.fill(lengths, TIME);
        try (ParameterStore parameters = new ParameterStore(DataType.FLOAT)) {
            INDArray table = parameters.putZeros("table", VOCABULARY, VOCABULARY);
            SDVariable previous = graph.placeHolder("previous", DataType.INT32, from.length);
            SDVariable next = graph.placeHolder("next", DataType.INT32, to.length);
            SDVariable logits = Ops.embedding(graph.var("table", table), previous, VOCABULARY);
            SDVariable logProbs = Ops.tokenLogProbs(logits, next).reshape(GROUP, TIME);
            Objective objective = Objective.build(config, new Objective.Inputs(logProbs, null, GROUP, TIME, false));
            SDVariable slope = Gradients.of(objective.loss(), List.of(graph.getVariable("table"))).get("table");
            ParameterStore gradients = parameters.zerosLike();
            AdamW optimiser = new AdamW(parameters, gradients, AdamW.Settings.standard());
            Plan plan = Plan.compile(graph, List.of(slope.name(), logProbs.name()));
            for (int step = 1; step <= Integer.parseInt(arguments[1]); step++) {
                double[] rewards = new double[GROUP];
                for (int i = 0; i < to.length; i++) {
                    from[i] = i % TIME == 0 ? 0 : to[i - 1];
                    double[] noisy = new double[VOCABULARY]; // the largest logit with Gumbel noise is a sample
                    Arrays.setAll(noisy, k -> -Math.log(-Math.log(random.nextDouble())));
                    for (int k = to[i] = 0; k < VOCABULARY; k++) {
                        noisy[k] += table.getDouble(from[i], k);
                        to[i] = noisy[k] > noisy[to[i]] ? k : to[i];
                    }
                    rewards[i / TIME] += to[i] == (from[i] + 1) % VOCABULARY ? 1.0 / TIME : 0;
                }
                plan.input("previous").data().setData(from);
                plan.input("next").data().setData(to);
                TokenWeights.of(config, Advantages.of(config, rewards, new int[GROUP]), lengths,
                        BatchTotals.of(lengths), GROUP, TIME).fill(config, plan::input);
                plan.run(); // for the log-probabilities under the policy that has just sampled
                plan.input(Objective.LOGP_OLD).assign(plan.output(logProbs.name()));
                plan.run();
                gradients.get("table").assign(plan.output(slope.name()));
                optimiser.step(0.1);
                System.out.printf("step %d: reward %.3f%n", step, Arrays.stream(rewards).average().orElse(0));
            }
        }
    }
}
