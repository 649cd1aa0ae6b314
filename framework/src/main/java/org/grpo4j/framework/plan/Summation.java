package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lets the nodes that compute gradients add them to their sums, instead of keeping them for somebody to add. A gradient
 * that is itself a sum (of a table used at both ends of a model) is added term by term.
 */
final class Summation implements Pass {
    private final OrderedSums sums;
    private final OrderedSums.Task task;
    private final Map<String, String> sumOf;

    /** @param sumOf the sum that a variable is added to, by the variable's name */
    Summation(OrderedSums sums, OrderedSums.Task task, Map<String, String> sumOf) {
        this.sums = sums;
        this.task = task;
        this.sumOf = sumOf;
    }

    @Override
    public void apply(Program program) {
        new Rewriting(program).run();
    }

    private final class Rewriting {
        private final Program program;
        /** Nodes by position; null where an addition has been split into its terms. */
        private final List<@Nullable PlanNode> nodes;

        private final Uses uses;
        private final Map<Integer, List<PlanNode>> additionsAfter = new HashMap<>();

        Rewriting(Program program) {
            this.program = program;
            this.nodes = new ArrayList<>(program.nodes());
            this.uses = new Uses(program);
        }

        void run() {
            sumOf.forEach(this::sum);
            List<PlanNode> result = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                PlanNode node = nodes.get(i);
                if (node != null) {
                    result.add(node);
                }
                result.addAll(additionsAfter.getOrDefault(i, List.of()));
            }
            program.setNodes(result);
        }

        private void sum(String variable, String sum) {
            List<String> terms = new ArrayList<>();
            split(program.base(program.current(variable)), terms);
            terms.sort(Comparator.comparingInt(uses::maker));
            for (int i = 0; i < terms.size(); i++) {
                add(terms.get(i), sums.part(sum, i, terms.size(), task), sum);
            }
        }

        private void split(String term, List<String> terms) {
            int at = maker(term);
            PlanNode node = nodes.get(at);
            boolean plainAddition = node instanceof OpNode
                    && node.opName().equals("add")
                    && uses.isReadOnce(term)
                    && node.inputs().stream()
                            .allMatch(input -> program.shape(input).sameDims(program.shape(term))
                                    && uses.maker(program.base(input)) >= 0);
            if (node == null || !plainAddition) {
                terms.add(term);
                return;
            }
            nodes.set(at, null);
            node.inputs().forEach(input -> split(program.base(input), terms));
        }

        private void add(String term, OrderedSums.Part part, String sum) {
            int at = maker(term);
            if (nodes.get(at) instanceof KernelNode node
                    && node.kernel() instanceof AddingKernel kernel
                    && kernel.canAdd(node.outputs().indexOf(term))
                    && uses.isReadOnce(term)) {
                program.sumUp(term, part);
                return;
            }
            String added = program.newVariable(term, "#sum of " + sum);
            program.sumUp(added, part);
            additionsAfter
                    .computeIfAbsent(at, unused -> new ArrayList<>())
                    .add(new KernelNode("sum", added, new PlainSum(), List.of(term), List.of(added)));
        }

        private int maker(String term) {
            int at = uses.maker(term);
            if (at < 0) {
                throw new IllegalArgumentException("'" + term + "' is given, not computed, and cannot be summed");
            }
            return at;
        }
    }

    /** Addition by ND4J's ops, for what no kernel of ours computes. */
    private record PlainSum() implements AddingKernel {
        @Override
        public boolean canAdd(int output) {
            return true;
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
            DynamicCustomOp add = DynamicCustomOp.builder("add").build();
            DynamicCustomOp copy = DynamicCustomOp.builder("identity").build();
            INDArray sum = outputs.get(0);
            INDArray term = inputs.get(0).reshape(sum.ordering(), sum.shape());
            OpContext adding = Nd4j.getExecutioner().buildContext();
            adding.setInputArrays(sum, term);
            adding.setOutputArrays(sum);
            OpContext copying = Nd4j.getExecutioner().buildContext();
            copying.setInputArrays(term);
            copying.setOutputArrays(sum);
            return () -> {
                if (addition.addsTo(0)) {
                    Nd4j.exec(add, adding);
                } else {
                    Nd4j.exec(copy, copying);
                }
            };
        }
    }
}
