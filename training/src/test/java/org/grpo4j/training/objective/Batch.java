package org.grpo4j.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import org.nd4j.linalg.api.buffer.DataType;

/** A small ragged batch; a list of completions so that a failing one shrinks to something readable. */
record Batch(List<Completion> completions) {

    /** One sampled token: log-prob when sampled, what the policy has moved since, and how far the reference is. */
    record Token(double old, double drift, double reference) {}

    record Completion(int group, int reward, List<Token> tokens) {
        @Override
        public String toString() {
            return "group %d, reward %d: log pi_old %s, d %s, reference %s"
                    .formatted(group, reward, line(Token::old), line(Token::drift), line(Token::reference));
        }

        private String line(ToDoubleFunction<Token> value) {
            return Arrays.toString(tokens.stream().mapToDouble(value).toArray());
        }
    }

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

    /** Log-ratios far beyond the bound of the exponent, up to ±50. */
    static final class FarOffPolicy implements ArbitrarySupplier<Batch> {
        @Override
        public Arbitrary<Batch> get() {
            return batches(50, 12);
        }
    }

    private static Arbitrary<Batch> batches(double drift, int longest) {
        // Short lists come more often by default, and a law about a batch without any advantage says little.
        RandomDistribution uniform = RandomDistribution.uniform();
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
                        tokens.list().ofMinSize(1).ofMaxSize(longest).withSizeDistribution(uniform))
                .as(Completion::new);
        return completions
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .withSizeDistribution(uniform)
                .map(Batch::new);
    }

    /** One line a completion. */
    @Override
    public String toString() {
        return completions.stream().map(Completion::toString).collect(Collectors.joining("\n", "\n", ""));
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
        return withTokens(tokens -> tokens.subList(0, 1));
    }

    /** The same completions with other tokens. */
    Batch withTokens(UnaryOperator<List<Token>> change) {
        return new Batch(completions.stream()
                .map(c -> new Completion(c.group, c.reward, change.apply(c.tokens)))
                .toList());
    }

    /** The same completions with another drift for every token. */
    Batch withDrifts(DoubleUnaryOperator change) {
        return withTokens(tokens -> tokens.stream()
                .map(token -> new Token(token.old, change.applyAsDouble(token.drift), token.reference))
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

    /**
     * How much z_t of completion i moves with d_j, {@code [T, T]}: the dense weights of section 2, divided by their row sums
     * under row normalisation, or the weights of a mean.
     */
    double[][] slopes(ObjectiveConfig config, int i) {
        int length = lengths()[i];
        double[][] slopes = new double[length][length];
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (int j = 0; j < length; j++) {
                double identity = t == j ? 1 : 0;
                double credit = config.trace() == Trace.E_TRACE
                        ? config.eligibilityTrace().weight(t, j)
                        : identity;
                slopes[t][j] = config.ratioLevel() == RatioLevel.SEQUENCE ? 1.0 / length : credit;
                sum += slopes[t][j];
            }
            boolean normalised = config.traceNormalisation() == TraceNormalisation.ROW;
            for (int j = 0; j < length && normalised; j++) {
                slopes[t][j] /= sum;
            }
        }
        return slopes;
    }

    /** The exponents of the ratios by the dense definition. */
    double[][] exponents(ObjectiveConfig config) {
        double[][] z = new double[size()][];
        for (int i = 0; i < size(); i++) {
            List<Token> tokens = completions.get(i).tokens;
            double[][] slopes = slopes(config, i);
            z[i] = Arrays.stream(slopes)
                    .mapToDouble(row -> IntStream.range(0, row.length)
                            .mapToDouble(j -> row[j] * tokens.get(j).drift)
                            .sum())
                    .toArray();
        }
        return z;
    }

    /**
     * The advantage of every token of completion i times its weight in the mean, {@code [T]}, by the dense definition: the
     * slope of the loss in the exponent of an unclipped token is minus this times its ratio.
     */
    double[] credit(ObjectiveConfig config, int i) {
        int length = lengths()[i];
        double advantage = advantages(config)[i];
        double[] weights = new double[length];
        Arrays.fill(weights, 1);
        if (config.trace() == Trace.E_WEIGHT) {
            Arrays.setAll(
                    weights,
                    t -> IntStream.rangeClosed(0, t)
                            .mapToDouble(j -> config.eligibilityTrace().weight(t, j))
                            .sum());
        }
        boolean normalised = config.trace() == Trace.E_WEIGHT && config.traceNormalisation() == TraceNormalisation.ROW;
        double mean = normalised ? Arrays.stream(weights).average().orElseThrow() : 1;
        double share = share(config, i);
        boolean terminal = config.tdError() == TdError.TERMINAL;
        double[] credit = new double[length];
        Arrays.setAll(credit, t -> {
            double discount = terminal ? Math.pow(config.gamma() * config.lambda(), length - 1 - t) : 1;
            return advantage * discount * share * weights[t] / mean;
        });
        return credit;
    }

    /** The weight of each token of completion i in the mean that the aggregation takes. */
    double share(ObjectiveConfig config, int i) {
        return switch (config.aggregation()) {
            case SEQUENCE_MEAN -> 1.0 / size() / lengths()[i];
            case TOKEN_MEAN -> 1.0 / Arrays.stream(lengths()).sum();
            case CONSTANT -> 1.0 / size() / Objects.requireNonNull(config.maxLength());
        };
    }
}
