package org.grpo4j.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.LanguageModelHead.Scores;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.weights.Checkpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecoderPlanTest {
    /** The graph that training runs, forward and backward, of every family: the plan against SameDiff's own session. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny"})
    void aPlanOfTheWholeDecoderEqualsTheSession(String name) {
        try (Checkpoint checkpoint = Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT)) {
            SequenceShape shape = new SequenceShape(3, 21);
            int vocabulary = checkpoint.config().vocabularySize();
            SameDiff graph = SameDiff.create();
            SequenceGraph sequence = SequenceGraph.add(graph, checkpoint.model(), shape);
            SDVariable targets = graph.placeHolder("targets", DataType.INT32, shape.tokens());
            SDVariable logits = sequence.decoder().logits(sequence.hidden());
            int width = checkpoint.config().width();
            // Three chunks, the last one ragged.
            LanguageModelHead head = new LanguageModelHead(shape.tokens(), width, vocabulary, 0.9, true, 25);
            Scores scores = head.score(sequence.hidden(), sequence.decoder().headWeight(), targets);
            SDVariable entropies = Objects.requireNonNull(scores.entropies());
            SDVariable loss = scores.logProbs().mean().add(entropies.mean().mul(0.2));
            List<String> outputs = new ArrayList<>(List.of(logits.name(), loss.name()));
            Gradients.of(loss, sequence.decoder().variables().values())
                    .values()
                    .forEach(gradient -> outputs.add(gradient.name()));

            Random random = new Random(9);
            INDArray ids = Nd4j.createFromArray(
                    random.ints(shape.tokens(), 0, vocabulary).toArray());
            INDArray next = Nd4j.createFromArray(
                    random.ints(shape.tokens(), 0, vocabulary).toArray());
            Map<String, INDArray> expected = graph.output(Map.of(SequenceGraph.IDS, ids, "targets", next), outputs);
            try (Plan plan = Plan.compile(graph, outputs)) {
                plan.input(SequenceGraph.IDS).assign(ids);
                plan.input("targets").assign(next);
                plan.run();
                for (String output : outputs) {
                    INDArray want = expected.get(output);
                    double scale = want.amaxNumber().doubleValue();
                    double difference =
                            plan.output(output).sub(want).amaxNumber().doubleValue();
                    assertThat(difference).as(output).isLessThan(3e-5 * (scale + 1e-3));
                }
            }
        }
    }
}
