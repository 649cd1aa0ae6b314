package org.grpo4j.framework.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.op.Composites;
import org.grpo4j.framework.op.Composites.Composite;
import org.grpo4j.framework.op.DifferentiableOp;
import org.grpo4j.framework.op.DifferentiableOp.Call;
import org.grpo4j.framework.op.GraphView;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reverse-mode differentiation that adds the backward ops to the graph being differentiated. Functions of
 * {@link DifferentiableOp} use their own rule, ND4J ops one of {@link GradientRules} or else their {@code doDiff}. Only
 * nodes on a path from a wanted variable to the loss are visited: everything else (rotary tables, masks, frozen
 * weights) costs nothing.
 */
public final class Gradients {
    private final SameDiff graph;
    private final StaticShapes shapes;
    private final Set<String> active = new HashSet<>();
    private final Map<String, List<SDVariable>> contributions = new HashMap<>();

    private Gradients(SameDiff graph) {
        this.graph = graph;
        this.shapes = new StaticShapes(graph);
    }

    /**
     * Adds the gradients of a scalar.
     *
     * @param loss a scalar variable
     * @param wanted the variables to differentiate in; leaves of the graph or results of ops
     * @return for each wanted variable, by name and in the order given, the gradient with its shape
     * @throws IllegalArgumentException if the loss is not a scalar or does not depend on a wanted variable
     */
    public static Map<String, SDVariable> of(SDVariable loss, Collection<SDVariable> wanted) {
        Gradients gradients = new Gradients(loss.getSameDiff());
        long elements = gradients.shapes.of(loss.name()).length();
        if (elements != 1) {
            throw new IllegalArgumentException(
                    "only a scalar can be differentiated, but '" + loss.name() + "' has " + elements + " elements");
        }
        return gradients.differentiate(loss, wanted);
    }

    /** A node of the walk: one ND4J op, or one function with a rule of its own. */
    private record Node(
            @Nullable DifferentiableOp function,
            @Nullable DifferentialFunction op,
            List<String> inputs,
            List<String> outputs) {}

    private Map<String, SDVariable> differentiate(SDVariable loss, Collection<SDVariable> wanted) {
        wanted.forEach(variable -> active.add(variable.name()));
        List<Node> nodes = nodes();
        for (Node node : nodes) {
            if (node.inputs.stream().anyMatch(active::contains)) {
                active.addAll(node.outputs);
            }
        }
        var one =
                Nd4j.ones(shapes.of(loss.name()).type(), shapes.of(loss.name()).dims());
        contribute(loss.name(), graph.constant(one));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            visit(nodes.get(i));
        }
        Map<String, SDVariable> result = new LinkedHashMap<>();
        for (SDVariable variable : wanted) {
            SDVariable gradient = gradientOf(variable.name());
            if (gradient == null) {
                throw new IllegalArgumentException(
                        "the loss '" + loss.name() + "' does not depend on '" + variable.name() + "'");
            }
            result.put(variable.name(), gradient);
        }
        return result;
    }

    private List<Node> nodes() {
        Map<String, Composite> byMember = new HashMap<>();
        for (Composite composite : Composites.of(graph)) {
            if (composite.op() instanceof DifferentiableOp) {
                composite.members().forEach(member -> byMember.put(member, composite));
            }
        }
        List<Node> nodes = new ArrayList<>();
        Set<Composite> placed = new HashSet<>();
        // SameDiff keeps ops in the order they were added, and an op can only be added after its inputs.
        for (SameDiffOp op : graph.getOps().values()) {
            Composite composite = byMember.get(op.getName());
            if (composite == null) {
                nodes.add(new Node(null, op.getOp(), GraphView.inputs(op), op.getOutputsOfOp()));
            } else if (placed.add(composite)) {
                DifferentiableOp function = (DifferentiableOp) composite.op();
                nodes.add(new Node(function, null, composite.inputs(), composite.outputNames(graph)));
            }
        }
        return nodes;
    }

    private void visit(Node node) {
        if (node.outputs.stream().noneMatch(output -> active.contains(output) && contributions.containsKey(output))) {
            return;
        }
        List<@Nullable SDVariable> upstream = new ArrayList<>();
        node.outputs.forEach(output -> upstream.add(gradientOf(output)));
        boolean[] wants = new boolean[node.inputs.size()];
        for (int i = 0; i < wants.length; i++) {
            wants[i] = active.contains(node.inputs.get(i));
        }
        Call call = new Call(variables(node.inputs), variables(node.outputs), upstream, wants);
        List<@Nullable SDVariable> gradients = node.function != null ? node.function.gradient(call) : ofOp(node, call);
        for (int i = 0; i < wants.length && i < gradients.size(); i++) {
            SDVariable gradient = gradients.get(i);
            if (wants[i] && gradient != null) {
                contribute(node.inputs.get(i), gradient);
            }
        }
    }

    private List<@Nullable SDVariable> ofOp(Node node, Call call) {
        DifferentialFunction op = node.op;
        if (op == null) {
            throw new IllegalStateException("a node is an op or a function");
        }
        GradientRule rule = GradientRules.of(op.opName());
        if (rule != null) {
            return rule.gradient(op, call, shapes);
        }
        List<SDVariable> upstream = new ArrayList<>();
        for (int i = 0; i < call.outputs().size(); i++) {
            SDVariable gradient = call.upstream().get(i);
            upstream.add(
                    gradient != null ? gradient : graph.zerosLike(call.outputs().get(i)));
        }
        return new ArrayList<@Nullable SDVariable>(op.doDiff(upstream));
    }

    private void contribute(String variable, SDVariable gradient) {
        contributions.computeIfAbsent(variable, v -> new ArrayList<>()).add(gradient);
    }

    /** The sum of all contributions to a variable's gradient; null if there is none. */
    private @Nullable SDVariable gradientOf(String variable) {
        List<SDVariable> parts = contributions.get(variable);
        if (parts == null) {
            return null;
        }
        SDVariable sum = parts.get(0);
        for (SDVariable part : parts.subList(1, parts.size())) {
            sum = sum.add(part);
        }
        contributions.put(variable, new ArrayList<>(Arrays.asList(sum)));
        return sum;
    }

    private List<SDVariable> variables(List<String> names) {
        return names.stream().map(graph::getVariable).toList();
    }
}
