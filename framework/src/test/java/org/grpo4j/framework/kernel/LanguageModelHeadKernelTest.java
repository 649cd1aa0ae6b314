package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.LanguageModelHead.Scores;
import org.grpo4j.framework.op.TestGraphs;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LanguageModelHeadKernelTest {
    private static final int ROWS = 11;
    private static final int WIDTH = 6;
    /** More than two blocks, and no multiple of a vector's width. */
    private static final int LARGE = 2 * RunningSoftmax.BLOCK + 37;

    static Stream<LanguageModelHead> heads() {
        return Stream.of(
                new LanguageModelHead(ROWS, WIDTH, 7, 1, true, ROWS),
                new LanguageModelHead(ROWS, WIDTH, 51, 0.6, false, 4),
                new LanguageModelHead(ROWS, WIDTH, LARGE, 1.5, true, ROWS),
                new LanguageModelHead(ROWS, WIDTH, LARGE, 0.6, true, 4));
    }

    /** For a loss of log-probabilities, of entropies and of both. The body's sums over 8,229 logits round more. */
    @ParameterizedTest
    @MethodSource("heads")
    void kernelsAndTheBodyAreNearTheSessionInDouble(LanguageModelHead head) {
        for (int of = 1; of <= (head.withEntropies() ? 3 : 1); of++) {
            SameDiff exact = SameDiff.create();
            List<String> exactOutputs = outputs(exact, head, of, DataType.DOUBLE);
            Map<String, INDArray> expected = exact.output(Map.of(), exactOutputs);
            SameDiff graph = SameDiff.create();
            List<String> outputs = outputs(graph, head, of, DataType.FLOAT);
            Map<String, INDArray> session = graph.output(Map.of(), outputs);
            try (Plan kernels = Plan.compile(graph, outputs, Map.of(), new CpuKernels(null, null));
                    Plan body = Plan.compile(graph, outputs, Map.of(), KernelSource.NONE)) {
                // Twice: the second run starts from memory that the first has used.
                for (Plan plan : List.of(kernels, kernels, body, body)) {
                    plan.run();
                }
                for (int i = 0; i < outputs.size(); i++) {
                    String name = outputs.get(i);
                    INDArray want = expected.get(exactOutputs.get(i)).castTo(DataType.FLOAT);
                    assertNear(kernels.output(name), want, 6e-6);
                    assertNear(body.output(name), want, 4e-5);
                    assertNear(body.output(name), session.get(name), 1e-6);
                }
            }
        }
    }

    /** @param of 1 for a loss of log-probabilities, 2 of entropies, 3 of both */
    private static List<String> outputs(SameDiff graph, LanguageModelHead head, int of, DataType type) {
        Random random = new Random(3);
        SDVariable hidden = graph.var("hidden", normal(random, type, ROWS, WIDTH));
        SDVariable weight = graph.var("weight", normal(random, type, head.vocabulary(), WIDTH));
        SDVariable targets = graph.constant(
                Nd4j.createFromArray(random.ints(ROWS, 0, head.vocabulary()).toArray()));
        SDVariable rows = graph.constant(normal(random, type, ROWS));
        Scores scores = head.score(hidden, weight, targets);
        List<SDVariable> losses = new ArrayList<>();
        if ((of & 1) != 0) {
            losses.add(scores.logProbs().mul(rows).sum());
        }
        if ((of & 2) != 0) {
            losses.add(
                    Objects.requireNonNull(scores.entropies()).mul(rows).sum().mul(-0.7));
        }
        SDVariable loss = losses.stream().reduce(SDVariable::add).orElseThrow();
        List<String> outputs = new ArrayList<>(List.of(scores.logProbs().name()));
        if (scores.entropies() != null) {
            outputs.add(scores.entropies().name());
        }
        Gradients.of(loss, List.of(hidden, weight)).values().forEach(v -> outputs.add(v.name()));
        return outputs;
    }

    /** The same numbers in either type. */
    private static INDArray normal(Random random, DataType type, long... shape) {
        return TestGraphs.normal(random, DataType.FLOAT, shape).castTo(type);
    }

    /** Rising logits make every block's maximum exceed the one before; falling ones never do. */
    @Test
    void theRunningSumsAreThoseOfTheWholeRow() {
        for (double slope : new double[] {1e-2, -1e-2, 0}) {
            double[] row = new Random(4).doubles(LARGE).toArray();
            double sum = 0;
            double product = 0;
            for (int i = 0; i < LARGE; i++) {
                row[i] += 30 + slope * i;
            }
            INDArray logits = Nd4j.createFromArray(row).castTo(DataType.FLOAT);
            double max = logits.maxNumber().doubleValue();
            for (int i = 0; i < LARGE; i++) {
                double x = logits.getFloat(i) - max;
                sum += Math.exp(x);
                product += Math.exp(x) * x;
            }
            RunningSoftmax softmax = new RunningSoftmax();
            softmax.read(new NativeFloats(logits), 0, LARGE);
            assertThat(Math.abs(softmax.logNormaliser() - max - Math.log(sum))).isLessThan(1e-6);
            assertThat(Math.abs(softmax.entropy() - Math.log(sum) + product / sum))
                    .isLessThan(3e-6);
        }
    }

    @Test
    void aTargetOutsideTheVocabularyIsRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable hidden = graph.constant(Nd4j.ones(DataType.FLOAT, 2, WIDTH));
        SDVariable weight = graph.constant("weight", Nd4j.ones(DataType.FLOAT, 5, WIDTH));
        SDVariable targets = graph.placeHolder("targets", DataType.INT32, 2);
        SDVariable logProbs = new LanguageModelHead(2, WIDTH, 5, 1, false, 2)
                .score(hidden, weight, targets)
                .logProbs();
        try (Plan plan = Plan.compile(graph, List.of(logProbs.name()), Map.of(), new CpuKernels(null, null))) {
            plan.input("targets").assign(Nd4j.createFromArray(0, 5));
            assertThatThrownBy(plan::run).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    static void assertNear(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double scale = expected.amaxNumber().doubleValue();
        double difference = actual.sub(expected).amaxNumber().doubleValue();
        assertThat(difference / scale).isLessThan(tolerance);
    }
}
