package org.grpo4j.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import org.nd4j.linalg.api.buffer.DataType;

/** A small ragged batch; a list of completions so that a failing one shrinks to something readable. */
record Batch(List<Completion> completions) {

    /** One sampled token: log-prob when sampled, what the policy has moved since, and how far the reference is. */
    record Token(double old, double drift, double reference) {}

    record Completion(int group, int reward, List<Token> tokens) {}

    /** One to six completions of one to nine tokens, log-ratios within ±0.6. */
    static final class Supplier implements ArbitrarySupplier<Batch> {
        @Override
        public Arbitrary<Batch> get() {
            return batches(0.6, 9);
        }
    }

    /** The policy that sampled is the policy that is trained. */
    static final class OnPolicy implements ArbitrarySupplier<Batch> {
        @Override
        public Arbitrary<Batch> get() {
            return batches(0, 9);
        }
    }

    private static Arbitrary<Batch> batches(double drift, int longest) {
        Arbitrary<Double> drifts = drift == 0
                ? Arbitraries.just(0.0)
                : Arbitraries.doubles().between(-drift, drift).ofScale(3);
        Arbitrary<Token> tokens = Combinators.combine(
                        Arbitraries.doubles().between(-3, -0.01).ofScale(2),
                        drifts,
                        Arbitraries.doubles().between(-0.5, 0.5).ofScale(2))
                .as(Token::new);
        Arbitrary<Completion> completions = Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 3),
                        tokens.list().ofMinSize(1).ofMaxSize(longest))
                .as(Completion::new);
        return completions.list().ofMinSize(1).ofMaxSize(6).map(Batch::new);
    }

    int size() {
        return completions.size();
    }

    int[] lengths() {
        return completions.stream().mapToInt(c -> c.tokens.size()).toArray();
    }

    int time() {
        return Arrays.stream(lengths()).max().orElseThrow();
    }

    double[] rewards() {
        return completions.stream().mapToDouble(Completion::reward).toArray();
    }

    int[] groups() {
        return completions.stream().mapToInt(Completion::group).toArray();
    }

    double[] advantages(ObjectiveConfig config) {
        return Advantages.of(config, rewards(), groups());
    }

    Batch subset(int... chosen) {
        return new Batch(Arrays.stream(chosen).mapToObj(completions::get).toList());
    }

    /** Completions cut to one token. */
    Batch firstTokens() {
        return new Batch(completions.stream()
                .map(c -> new Completion(c.group, c.reward, c.tokens.subList(0, 1)))
                .toList());
    }

    ObjectiveGraph.Tokens tokens(int rows, int time, double padding) {
        return new ObjectiveGraph.Tokens(
                grid(rows, time, padding, token -> token.old + token.drift),
                grid(rows, time, padding, Token::old),
                grid(rows, time, padding, token -> token.old + token.reference),
                grid(rows, time, padding, token -> -token.old));
    }

    private double[][] grid(int rows, int time, double padding, ToDoubleFunction<Token> value) {
        double[][] grid = new double[rows][time];
        for (int i = 0; i < rows; i++) {
            Arrays.fill(grid[i], padding);
            for (int t = 0; i < size() && t < lengths()[i]; t++) {
                grid[i][t] = value.applyAsDouble(completions.get(i).tokens.get(t));
            }
        }
        return grid;
    }

    /** The objective of this batch on the graph, in DOUBLE, with its gradient as ragged rows. */
    Outcome evaluate(ObjectiveConfig config) {
        return evaluate(config, advantages(config), BatchTotals.of(lengths()), size(), time(), 0);
    }

    Outcome evaluate(
            ObjectiveConfig config, double[] advantages, BatchTotals totals, int rows, int time, double padding) {
        TokenWeights weights = TokenWeights.of(config, advantages, lengths(), totals, rows, time);
        return evaluate(config, weights, tokens(rows, time, padding));
    }

    private Outcome evaluate(ObjectiveConfig config, TokenWeights weights, ObjectiveGraph.Tokens tokens) {
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.DOUBLE)) {
            ObjectiveGraph.Evaluation evaluation = graph.evaluate(weights, tokens);
            List<double[]> gradient = new ArrayList<>();
            IntStream.range(0, size())
                    .forEach(i -> gradient.add(Arrays.copyOf(evaluation.gradient()[i], lengths()[i])));
            return new Outcome(evaluation.loss(), gradient, evaluation.gradient(), evaluation.sums());
        }
    }

    /** The same with token factors of this whole batch. */
    Outcome evaluate(ObjectiveConfig config, TokenFactors factors) {
        TokenWeights weights = TokenWeights.of(
                config, advantages(config), lengths(), BatchTotals.of(lengths()), factors, size(), time());
        return evaluate(config, weights, tokens(size(), time(), 0));
    }

    /** Entropies as the first pass would see them: here each differs from the others with the log-prob of its token. */
    double[][] entropies() {
        return completions.stream()
                .map(c -> c.tokens.stream().mapToDouble(token -> -token.old).toArray())
                .toArray(double[][]::new);
    }

    /** Loss, gradient without and with padding, metrics. */
    record Outcome(double loss, List<double[]> gradient, double[][] grid, ObjectiveSums sums) {}

    /** The exponents of the ratios by the dense definition, to tell how near a batch is to a kink. */
    double[][] exponents(ObjectiveConfig config) {
        double[][] z = new double[size()][];
        for (int i = 0; i < size(); i++) {
            double[] d =
                    completions.get(i).tokens.stream().mapToDouble(Token::drift).toArray();
            z[i] = d.clone();
            if (config.ratioLevel() == RatioLevel.SEQUENCE) {
                Arrays.fill(z[i], Arrays.stream(d).average().orElseThrow());
            }
            for (int t = 0; t < d.length && config.trace() == Trace.E_TRACE; t++) {
                double sum = 0;
                double weight = 0;
                for (int j = 0; j <= t; j++) {
                    sum += config.eligibilityTrace().weight(t, j) * d[j];
                    weight += config.eligibilityTrace().weight(t, j);
                }
                z[i][t] = config.traceNormalisation() == TraceNormalisation.ROW ? sum / weight : sum;
            }
        }
        return z;
    }
}
