package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.FiniteDifferences.Mismatch;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.op.LanguageModelHead.Scores;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The head of plain ops: gradients, agreement with the unchunked functions, and memory. */
class LanguageModelHeadTest {
    private static final int ROWS = 7;
    private static final int WIDTH = 3;
    private static final int VOCABULARY = 5;

    /** What the loss depends on. */
    public enum LossOf {
        LOG_PROBS,
        ENTROPIES,
        BOTH
    }

    /** A head with its inputs and a loss that weighs every row differently. */
    private record Graph(SDVariable hidden, SDVariable weight, SDVariable targets) {
        static Graph create(DataType type, int rows, int width, int vocabulary, long seed) {
            Random random = new Random(seed);
            SameDiff graph = SameDiff.create();
            return new Graph(
                    graph.var("hidden", TestGraphs.normal(random, type, rows, width)),
                    graph.var("weight", TestGraphs.normal(random, type, vocabulary, width)),
                    graph.constant(Nd4j.createFromArray(
                            random.ints(rows, 0, vocabulary).toArray())));
        }

        SameDiff graph() {
            return hidden.getSameDiff();
        }

        Scores scores(LanguageModelHead head) {
            return head.score(hidden, weight, targets);
        }

        /** The same from the functions that hold all logits. */
        Scores unchunked(double temperature) {
            SDVariable logits = Ops.linear(hidden, weight, null).mul(1 / temperature);
            return new Scores(Ops.tokenLogProbs(logits, targets), Ops.entropy(logits));
        }

        SDVariable loss(Scores scores, LossOf of) {
            SDVariable logProbs = weighted(scores.logProbs(), 11);
            if (of == LossOf.LOG_PROBS) {
                return logProbs;
            }
            SDVariable entropies = weighted(Objects.requireNonNull(scores.entropies()), 12);
            return of == LossOf.ENTROPIES ? entropies : logProbs.add(entropies);
        }

        private SDVariable weighted(SDVariable x, long seed) {
            long rows = hidden.getArr().size(0);
            INDArray weights = TestGraphs.normal(new Random(seed), x.dataType(), rows);
            return x.mul(graph().constant(weights)).sum();
        }
    }

    /** One chunk; three with a ragged last one; one a row. */
    static Stream<Arguments> heads() {
        return Stream.of(LossOf.values())
                .flatMap(of -> Stream.of(7, 3, 1)
                        .map(chunkRows -> Arguments.of(
                                of, new LanguageModelHead(ROWS, WIDTH, VOCABULARY, 0.7, true, chunkRows))));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void gradientsEqualFiniteDifferences(LossOf of, LanguageModelHead head) {
        Graph g = Graph.create(DataType.DOUBLE, ROWS, WIDTH, VOCABULARY, 1);
        check(g, g.loss(g.scores(head), of), List.of(g.hidden, g.weight));
    }

    @ParameterizedTest
    @EnumSource(LossOf.class)
    void oneGradientIsHadWithoutTheOther(LossOf of) {
        for (boolean inWeight : new boolean[] {false, true}) {
            Graph g = Graph.create(DataType.DOUBLE, ROWS, WIDTH, VOCABULARY, 2);
            LanguageModelHead head = new LanguageModelHead(ROWS, WIDTH, VOCABULARY, 1.3, true, 3);
            check(g, g.loss(g.scores(head), of), List.of(inWeight ? g.weight : g.hidden));
            LanguageModelHead.Gradient gradient = Composites.of(g.graph()).stream()
                    .map(Composites.Composite::op)
                    .filter(LanguageModelHead.Gradient.class::isInstance)
                    .map(LanguageModelHead.Gradient.class::cast)
                    .findAny()
                    .orElseThrow();
            assertThat(gradient.inWeight()).isEqualTo(inWeight);
            assertThat(gradient.inHidden()).isEqualTo(!inWeight);
        }
    }

    @Test
    void aHeadWithoutEntropiesHasItsGradient() {
        Graph g = Graph.create(DataType.DOUBLE, ROWS, WIDTH, VOCABULARY, 3);
        Scores scores = g.scores(new LanguageModelHead(ROWS, WIDTH, VOCABULARY, 1, false, 4));
        assertThat(scores.entropies()).isNull();
        check(g, g.loss(scores, LossOf.LOG_PROBS), List.of(g.hidden, g.weight));
    }

    private static void check(Graph g, SDVariable loss, List<SDVariable> wanted) {
        Map<String, SDVariable> gradients = Gradients.of(loss, wanted);
        for (SDVariable variable : wanted) {
            String name = variable.name();
            INDArray numerical =
                    FiniteDifferences.gradient(g.graph(), loss.name(), name, Map.of(), FiniteDifferences.DEFAULT_STEP);
            INDArray computed =
                    g.graph().outputSingle(Map.of(), gradients.get(name).name());
            Mismatch worst = FiniteDifferences.worst(computed, numerical);
            assertThat(worst.error()).as("%s: %s", name, worst).isLessThan(1e-7);
        }
    }

    @ParameterizedTest
    @MethodSource("heads")
    void equalsTheUnchunkedFunctionsForwardAndBackward(LossOf of, LanguageModelHead head) {
        Graph g = Graph.create(DataType.DOUBLE, ROWS, WIDTH, VOCABULARY, 4);
        List<INDArray> chunked = valuesAndGradients(g, g.scores(head), of);
        List<INDArray> whole = valuesAndGradients(g, g.unchunked(0.7), of);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(chunked.get(i).sub(whole.get(i)).amaxNumber().doubleValue())
                    .as("result %d", i)
                    .isLessThan(1e-13);
        }
    }

    private static List<INDArray> valuesAndGradients(Graph g, Scores scores, LossOf of) {
        List<SDVariable> wanted = new ArrayList<>();
        wanted.add(scores.logProbs());
        wanted.add(Objects.requireNonNull(scores.entropies()));
        wanted.addAll(
                Gradients.of(g.loss(scores, of), List.of(g.hidden, g.weight)).values());
        List<String> names = wanted.stream().map(SDVariable::name).toList();
        Map<String, INDArray> values = g.graph().output(Map.of(), names);
        return names.stream().map(values::get).toList();
    }

    /** ND4J takes the maximum of DOUBLE logits from 0, so logits far below it would have no softmax. */
    @Test
    void logitsFarBelowZeroAreScored() {
        SameDiff graph = SameDiff.create();
        SDVariable hidden = graph.constant(Nd4j.createFromArray(new double[][] {{-2000}, {1}}));
        SDVariable weight = graph.constant(Nd4j.createFromArray(new double[][] {{1}, {1}, {1.001}}));
        SDVariable targets = graph.constant(Nd4j.createFromArray(2, 0));
        Scores scores = new LanguageModelHead(2, 1, 3, 1, true, 2).score(hidden, weight, targets);
        double others = Math.exp(-2000 + 2002);
        double total = 2 * others + 1;
        assertThat(scores.logProbs().eval().getDouble(0)).isCloseTo(-Math.log(total), within(1e-9));
        double entropy = Math.log(total) - 2 * others * 2 / total;
        assertThat(Objects.requireNonNull(scores.entropies()).eval().getDouble(0))
                .isCloseTo(entropy, within(1e-9));
    }

    static Stream<KernelSource> kernels() {
        return Stream.of(Kernels.available(), KernelSource.NONE);
    }

    /** With chunks of one size, memory grows with the rows by hidden states and scores, not by logits. */
    @ParameterizedTest
    @MethodSource("kernels")
    void memoryDoesNotGrowWithRowsTimesVocabulary(KernelSource kernels) {
        int chunkRows = 16;
        int vocabulary = 1000;
        long chunk = 4L * chunkRows * vocabulary;
        long gradients = 4L * 2 * vocabulary * WIDTH;
        long few = arenaBytes(3 * chunkRows, vocabulary, chunkRows, kernels);
        long many = arenaBytes(24 * chunkRows, vocabulary, chunkRows, kernels);
        int matrices = kernels == KernelSource.NONE ? 6 : 1;
        assertThat(few).isBetween(chunk, matrices * chunk + chunk / 4 + gradients);
        // 21 chunks more: a handful of numbers and a few hidden states a row.
        assertThat(many - few).isLessThan(21L * chunkRows * 4 * (16 + 4 * WIDTH) + chunk / 4);
    }

    private static long arenaBytes(int rows, int vocabulary, int chunkRows, KernelSource kernels) {
        Graph g = Graph.create(DataType.FLOAT, rows, WIDTH, vocabulary, 5);
        LanguageModelHead head = new LanguageModelHead(rows, WIDTH, vocabulary, 0.9, true, chunkRows);
        SDVariable loss = g.loss(g.scores(head), LossOf.BOTH);
        List<String> outputs = new ArrayList<>(List.of(loss.name()));
        Gradients.of(loss, List.of(g.hidden, g.weight)).values().forEach(v -> outputs.add(v.name()));
        try (Plan plan = Plan.compile(g.graph(), outputs, Map.of(), kernels)) {
            return plan.statistics().arenaBytes();
        }
    }

    @Test
    void chunksAreEqualAndBounded() {
        LanguageModelHead large = LanguageModelHead.of(4096, 896, 151_936, 1, true);
        assertThat(large.chunkRows()).isBetween(128, 441);
        assertThat(large.chunks()).isEqualTo(10);
        assertThat(large.rowsOf(large.chunks() - 1)).isGreaterThan(large.chunkRows() - 10);
        assertThat(LanguageModelHead.of(512, 256, 8000, 1, true).chunks()).isEqualTo(1);
        assertThat(LanguageModelHead.of(300, 8, 1_000_000, 1, true).chunkRows()).isEqualTo(100);
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> new LanguageModelHead(4, 2, 0, 1, true, 4)).hasMessageContaining("vocabulary");
        assertThatThrownBy(() -> new LanguageModelHead(4, 2, 3, 0, true, 4)).hasMessageContaining("temperature is 0");
        assertThatThrownBy(() -> new LanguageModelHead(4, 2, 3, 1, true, 5)).hasMessageContaining("chunkRows is 5");
        assertThatThrownBy(() -> new LanguageModelHead(4096, 2, 151_936, 1, true, 4096))
                .hasMessageContaining("fewer chunkRows");
        Graph g = Graph.create(DataType.DOUBLE, ROWS, WIDTH, VOCABULARY, 6);
        LanguageModelHead head = new LanguageModelHead(ROWS, WIDTH, VOCABULARY, 1, false, ROWS);
        SDVariable logits = head.applyAll(g.hidden, g.weight, g.targets).get(2);
        assertThatThrownBy(() -> Gradients.of(logits.sum(), List.of(g.hidden))).hasMessageContaining("kept logits");
    }
}
