package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.grpo4j.framework.autodiff.StaticShapes;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.grpo4j.framework.op.GraphView;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph on its way to becoming a plan: nodes in execution order and what is known of their variables. Passes change it
 * one after the other, {@link Placement} then gives every result its memory.
 */
final class Program {
    private final SameDiff graph;
    private final StaticShapes shapes;
    private final Map<String, INDArray> bound;
    private final Set<String> wanted;
    private final Set<String> summed;
    private List<PlanNode> nodes;
    /** Arrays of leaves and of folded constants. */
    private final Map<String, INDArray> arrays = new HashMap<>();

    private final Set<String> constants = new LinkedHashSet<>();
    private final Map<String, INDArray> inputs = new LinkedHashMap<>();
    /** Variables that passes have made, by the variable of the graph whose shape they have. */
    private final Map<String, String> shapedLike = new HashMap<>();
    /** Variables that another one stands for. */
    private final Map<String, String> replaced = new HashMap<>();

    private final Map<String, View> views = new HashMap<>();
    private final Map<String, OrderedSums.Part> sums = new HashMap<>();
    private final List<INDArray> owned = new ArrayList<>();

    /** A variable that is another one in a different shape. */
    record View(String of, Shape shape) {}

    /**
     * Takes a graph over.
     *
     * @param wanted variables to keep for the caller
     * @param summed variables to compute, but not to keep
     */
    Program(
            SameDiff graph,
            Collection<String> wanted,
            Collection<String> summed,
            Map<String, INDArray> bound,
            KernelSource kernels) {
        this.graph = graph;
        this.shapes = new StaticShapes(graph);
        this.wanted = new LinkedHashSet<>(wanted);
        this.summed = new LinkedHashSet<>(summed);
        this.bound = bound;
        this.nodes = new NodeList(graph, shapes, kernels).nodes();
    }

    SameDiff graph() {
        return graph;
    }

    /** The nodes, in execution order. */
    List<PlanNode> nodes() {
        return nodes;
    }

    void setNodes(List<PlanNode> nodes) {
        this.nodes = nodes;
    }

    /** The variables to compute, as they were asked for. */
    Set<String> wanted() {
        return wanted;
    }

    /** The variables that somebody needs outside of the nodes, as nodes make them: one entry for every use. */
    List<String> roots() {
        return Stream.concat(wanted.stream(), summed.stream())
                .map(this::current)
                .toList();
    }

    Shape shape(String name) {
        String like = shapedLike.get(name);
        return shapes.of(like == null ? name : like);
    }

    /** Gives leaves (variables, constants, placeholders) that are needed their arrays. */
    void resolveLeaves() {
        for (PlanNode node : nodes) {
            node.inputs().forEach(this::resolveLeaf);
        }
        wanted.forEach(this::resolveLeaf);
    }

    private void resolveLeaf(String name) {
        if (arrays.containsKey(name) || GraphView.maker(graph, name) != null) {
            return;
        }
        SDVariable variable = graph.getVariable(name);
        if (!variable.isPlaceHolder()) {
            arrays.put(name, variable.getArr());
            if (variable.isConstant()) {
                constants.add(name);
            }
            return;
        }
        Shape shape = shapes.of(name);
        INDArray given = bound.get(name);
        if (given != null && (!Arrays.equals(given.shape(), shape.dims()) || given.dataType() != shape.type())) {
            throw new IllegalArgumentException("the array bound to '" + name + "' is " + given.dataType() + " "
                    + Arrays.toString(given.shape()) + ", the graph declares " + shape.type() + " "
                    + Arrays.toString(shape.dims()));
        }
        INDArray array = given != null ? given : own(Nd4j.create(shape.type(), shape.dims()));
        arrays.put(name, array);
        inputs.put(name, array);
    }

    /** The array of a leaf or of a folded constant; null for what nodes compute. */
    @Nullable
    INDArray array(String name) {
        return arrays.get(name);
    }

    boolean isConstant(String name) {
        return constants.contains(name);
    }

    /** Makes a variable a constant. */
    void fold(String name, INDArray value) {
        arrays.put(name, own(value));
        constants.add(name);
    }

    /** Placeholders by name. */
    Map<String, INDArray> inputs() {
        return inputs;
    }

    /** Arrays that belong to the plan. */
    List<INDArray> owned() {
        return owned;
    }

    INDArray own(INDArray array) {
        owned.add(array);
        return array;
    }

    /** Makes a new variable of the shape of another one. */
    String newVariable(String like, String suffix) {
        String name = like + suffix;
        if (shapedLike.putIfAbsent(name, shapedLike.getOrDefault(like, like)) != null) {
            throw new IllegalStateException("there is a variable '" + name + "' already");
        }
        return name;
    }

    /** From now on, whoever reads {@code name} reads {@code by}, which has the same value. */
    void replace(String name, String by) {
        replaced.put(name, by);
    }

    /** The variable that stands for a name now. */
    String current(String name) {
        String now = name;
        for (String next = replaced.get(now); next != null; next = replaced.get(now)) {
            now = next;
        }
        return now;
    }

    void addView(String name, View view) {
        views.put(name, view);
    }

    /** The variable whose memory a name is a view of, itself if it is none. */
    String base(String name) {
        String base = name;
        for (View view = views.get(base); view != null; view = views.get(base)) {
            base = view.of;
        }
        return base;
    }

    /** Adds what a node computes to a sum instead of keeping it. */
    void sumUp(String name, OrderedSums.Part part) {
        sums.put(name, part);
    }

    OrderedSums.@Nullable Part sum(String name) {
        return sums.get(name);
    }
}
