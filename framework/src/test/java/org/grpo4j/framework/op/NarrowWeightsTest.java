package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Functions of weights in BFLOAT16 and HALF: those of the same weights stored wide, and frozen. */
class NarrowWeightsTest {
    private final Random random = new Random(8);

    /** A linear map, a head and both ends of a tied model, in DOUBLE. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void gradientsInActivationsEqualFiniteDifferences(DataType narrow) {
        SameDiff graph = SameDiff.create();
        SDVariable loss = loss(graph, normal(7, 3).castTo(narrow), normal(3, 5).castTo(narrow));
        SDVariable x = graph.getVariable("x");
        SDVariable gradient = Gradients.of(loss, List.of(x)).get("x");
        INDArray numerical =
                FiniteDifferences.gradient(graph, loss.name(), "x", Map.of(), FiniteDifferences.DEFAULT_STEP);
        INDArray session = graph.outputSingle(Map.of(), gradient.name());
        assertThat(FiniteDifferences.worst(session, numerical).error()).isLessThan(1e-7);
        try (Plan plan = Plan.compile(graph, List.of(gradient.name(), loss.name()), Map.of(), KernelSource.NONE)) {
            plan.run();
            assertThat(FiniteDifferences.worst(plan.output(gradient.name()), session)
                            .error())
                    .isLessThan(1e-12);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "HALF"})
    void valuesAreThoseOfTheSameWeightsStoredWide(DataType narrow) {
        INDArray table = normal(7, 3).castTo(narrow);
        INDArray weight = normal(3, 5).castTo(narrow);
        SameDiff graph = SameDiff.create();
        SDVariable loss = loss(graph, table, weight);
        SameDiff wide = SameDiff.create();
        SDVariable wideLoss = loss(wide, table.castTo(DataType.DOUBLE), weight.castTo(DataType.DOUBLE));
        wide.getVariable("x").getArr().assign(graph.getVariable("x").getArr());
        double expected = wide.outputSingle(Map.of(), wideLoss.name()).getDouble(0);
        assertThat(graph.outputSingle(Map.of(), loss.name()).getDouble(0)).isEqualTo(expected);
    }

    private SDVariable loss(SameDiff graph, INDArray tableArray, INDArray weightArray) {
        SDVariable table = graph.var("table", tableArray);
        SDVariable weight = graph.var("weight", weightArray);
        SDVariable x = graph.var("x", normal(4, 5));
        SDVariable ids = graph.constant(Nd4j.createFromArray(6, 0, 6, 3));
        SDVariable states = Ops.linear(x, weight, graph.constant(Nd4j.createFromArray(0.1, -0.2, 0.3)))
                .add(Ops.embedding(table, ids, 7, DataType.DOUBLE));
        SDVariable again = states.add(Ops.linear(Ops.linear(states, table, null).mul(0.2), transposed(graph), null));
        LanguageModelHead.Scores scores = new LanguageModelHead(4, 3, 7, 0.8, true, 2).score(again, table, ids);
        return scores.logProbs().sum().add(scores.entropies().sum().mul(0.3));
    }

    private static SDVariable transposed(SameDiff graph) {
        INDArray table = graph.getVariable("table").getArr();
        return graph.var("transposed", table.transpose().dup('c'));
    }

    @Test
    void aGradientInWhatIsFrozenIsRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable loss =
                loss(graph, normal(7, 3).castTo(DataType.BFLOAT16), normal(3, 5).castTo(DataType.HALF));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gradients.of(loss, List.of(graph.getVariable("weight"))))
                .withMessageContaining("'weight' is stored as HALF");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gradients.of(loss, List.of(graph.getVariable("table"))))
                .withMessageContaining("'table' is stored as BFLOAT16");
        SDVariable rows = Ops.embedding(graph.getVariable("table"), graph.constant(Nd4j.createFromArray(1)), 7);
        assertThat(rows.dataType()).isEqualTo(DataType.FLOAT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gradients.of(rows.sum(), List.of(graph.getVariable("table"))))
                .withMessageContaining("'table' is stored as BFLOAT16");
    }

    @Test
    void aTableThatIsNotNarrowKeepsItsType() {
        SameDiff graph = SameDiff.create();
        SDVariable table = graph.var("table", normal(7, 3));
        SDVariable ids = graph.constant(Nd4j.createFromArray(1));
        assertThat(Ops.embedding(table, ids, 7, DataType.DOUBLE).dataType()).isEqualTo(DataType.DOUBLE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ops.embedding(table, ids, 7, DataType.FLOAT))
                .withMessageContaining("DOUBLE, not FLOAT");
        assertThatIllegalArgumentException().isThrownBy(() -> new NarrowEmbedding(DataType.HALF));
    }

    private INDArray normal(long... shape) {
        return TestGraphs.normal(random, DataType.DOUBLE, shape);
    }
}
