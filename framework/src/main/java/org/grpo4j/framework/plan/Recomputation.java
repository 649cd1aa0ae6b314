package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Activation checkpointing (Chen et al., arXiv 1604.06174): of what lies between two boundaries of the forward pass only
 * the boundaries are kept, the rest is computed again right before the backward pass reads it. The same ops run on the
 * same numbers, so results are the same bits; the price is a second forward pass.
 *
 * <p>What follows the last boundary but one is left alone: the backward pass begins there, so nothing would be freed.
 */
final class Recomputation implements Pass {
    private final List<String> boundaries;

    /** @param boundaries variables of the forward pass in the order in which they are computed */
    Recomputation(List<String> boundaries) {
        this.boundaries = boundaries;
    }

    @Override
    public void apply(Program program) {
        List<PlanNode> nodes = program.nodes();
        Map<String, Integer> maker = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                maker.put(output, i);
            }
        }
        Map<Integer, Segment> segmentBefore = new HashMap<>();
        Map<String, String> again = new HashMap<>();
        Map<String, Integer> endOf = new HashMap<>();
        for (int i = 0; i + 2 < boundaries.size(); i++) {
            Segment segment = new Segment(position(maker, program, i), position(maker, program, i + 1));
            segment.find(nodes);
            if (segment.firstReader >= 0) {
                segmentBefore.put(segment.firstReader, segment);
                segment.needed.forEach(name -> {
                    again.put(name, program.newVariable(name, "#again"));
                    endOf.put(name, segment.end);
                });
            }
        }
        List<PlanNode> result = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Segment segment = segmentBefore.get(i);
            if (segment != null) {
                segment.repeat(nodes, again, result);
            }
            int at = i;
            List<String> inputs = nodes.get(i).inputs().stream()
                    .map(name ->
                            at > endOf.getOrDefault(name, Integer.MAX_VALUE) ? again.getOrDefault(name, name) : name)
                    .toList();
            result.add(nodes.get(i).withNames(inputs, nodes.get(i).outputs()));
        }
        program.setNodes(result);
    }

    private int position(Map<String, Integer> maker, Program program, int boundary) {
        Integer at = maker.get(program.current(boundaries.get(boundary)));
        if (at == null) {
            throw new IllegalArgumentException(
                    "boundary '" + boundaries.get(boundary) + "' takes no part in what the plan computes");
        }
        return at;
    }

    /** The nodes after one boundary up to and with the next. */
    private static final class Segment {
        private final int start;
        private final int end;
        /** Outputs to compute again: those read behind the end, and what they are made of. */
        private final Set<String> needed = new HashSet<>();
        /** The first node behind the end that reads something from inside; −1 if there is none. */
        private int firstReader = -1;

        Segment(int before, int end) {
            this.start = before + 1;
            this.end = end;
        }

        void find(List<PlanNode> nodes) {
            Set<String> inside = new HashSet<>();
            for (int i = start; i < end; i++) {
                inside.addAll(nodes.get(i).outputs());
            }
            for (int i = end + 1; i < nodes.size(); i++) {
                for (String input : nodes.get(i).inputs()) {
                    if (inside.contains(input)) {
                        needed.add(input);
                        firstReader = firstReader < 0 ? i : firstReader;
                    }
                }
            }
            for (int i = end - 1; i >= start; i--) {
                PlanNode node = nodes.get(i);
                if (node.outputs().stream().anyMatch(needed::contains)) {
                    needed.addAll(node.outputs());
                    node.inputs().stream().filter(inside::contains).forEach(needed::add);
                }
            }
        }

        void repeat(List<PlanNode> nodes, Map<String, String> again, List<PlanNode> result) {
            for (int i = start; i < end; i++) {
                PlanNode node = nodes.get(i);
                if (needed.containsAll(node.outputs())) {
                    result.add(node.withNames(renamed(node.inputs(), again), renamed(node.outputs(), again)));
                }
            }
        }

        private List<String> renamed(List<String> names, Map<String, String> again) {
            return names.stream()
                    .map(name -> needed.contains(name) ? again.getOrDefault(name, name) : name)
                    .toList();
        }
    }
}
