package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Whether two values are equal. Symmetric: which of both is the gold makes no difference. */
final class Comparison {

    private final Budget budget;
    private final QuantityComparison quantities;
    private final RelationComparison relations;
    private final RealSets realSets;

    Comparison(Budget budget) {
        Numbers numbers = new Numbers(budget);
        this.budget = budget;
        this.quantities = new QuantityComparison(numbers, budget);
        this.relations = new RelationComparison(this, budget);
        this.realSets = new RealSets(numbers);
    }

    boolean equal(Value a, Value b) {
        budget.spend(1);
        if (a instanceof Value.Quantity x && b instanceof Value.Quantity y) {
            return quantities.equal(x, y);
        }
        if (a instanceof Value.Choice || b instanceof Value.Choice) {
            return a instanceof Value.Choice choice ? choices(choice, b) : choices((Value.Choice) b, a);
        }
        if (a instanceof Value.Approximation || b instanceof Value.Approximation) {
            return a instanceof Value.Approximation about
                    ? approximate(about, b)
                    : approximate((Value.Approximation) b, a);
        }
        if (a instanceof Value.Equation || b instanceof Value.Equation) {
            return relations.equal(a, b);
        }
        Boolean sets = sets(a, b);
        if (sets != null) {
            return sets;
        }
        return collections(a, b);
    }

    private boolean choices(Value.Choice choice, Value other) {
        if (other instanceof Value.Choice second) {
            return choice.letter().equalsIgnoreCase(second.letter());
        }
        if (other instanceof Value.Quantity quantity && quantity.expression() instanceof Expression.Name name) {
            return name.name().equalsIgnoreCase(choice.letter());
        }
        if (other instanceof Value.Words words && words.key().equalsIgnoreCase(choice.letter())) {
            return true;
        }
        return choice.rest() != null && equal(choice.rest(), other);
    }

    /** The exact value counts, or the decimal when it is near enough to have been meant as the same. */
    private boolean approximate(Value.Approximation about, Value other) {
        if (other instanceof Value.Approximation second) {
            return equal(about.exact(), second.exact());
        }
        return equal(about.exact(), other)
                || equal(about.shown(), other) && quantities.near(about.exact(), about.shown());
    }

    /** Compared as sets of real numbers when at least one of both cannot be read otherwise; null when they are none. */
    private @Nullable Boolean sets(Value a, Value b) {
        if (!isSet(a) && !isSet(b) || isCollection(a) && isCollection(b) && !isOperation(a) && !isOperation(b)) {
            return null;
        }
        SortedSet<String> left = RealSets.unknowns(a);
        SortedSet<String> right = RealSets.unknowns(b);
        if (!left.isEmpty() && !right.isEmpty() && !left.equals(right)) {
            return false;
        }
        RealSet x = realSets.of(a);
        RealSet y = realSets.of(b);
        return x == null || y == null ? null : x.isEqualTo(y);
    }

    private static boolean isSet(Value value) {
        return isOperation(value)
                || value instanceof Value.Inequality
                || value instanceof Value.Membership
                || value instanceof Value.NamedSet;
    }

    private static boolean isOperation(Value value) {
        return value instanceof Value.SetOperation;
    }

    private static boolean isCollection(Value value) {
        return value instanceof Value.Ordered || value instanceof Value.Unordered;
    }

    private boolean collections(Value a, Value b) {
        if (a instanceof Value.Membership || b instanceof Value.Membership) {
            return memberships(a, b);
        }
        if (a instanceof Value.Inequality x && b instanceof Value.Inequality y) {
            return relations.inequalities(x, y);
        }
        if (a instanceof Value.SetOperation x && b instanceof Value.SetOperation y) {
            return operations(x, y);
        }
        if (a instanceof Value.Matrix || b instanceof Value.Matrix) {
            return a instanceof Value.Matrix x ? matrices(x, b) : matrices((Value.Matrix) b, a);
        }
        if (a instanceof Value.Ordered x && b instanceof Value.Ordered y) {
            return tuples(x, y);
        }
        if (a instanceof Value.Unordered x && b instanceof Value.Unordered y) {
            // Whoever leaves the names out must keep to their order.
            boolean ordered = namesDiffer(x.items()) != namesDiffer(y.items());
            return ordered ? inOrder(x.items(), y.items()) : inAnyOrder(x.items(), y.items());
        }
        if (a instanceof Value.Unordered || b instanceof Value.Unordered) {
            return a instanceof Value.Unordered x ? listAndOther(x, b) : listAndOther((Value.Unordered) b, a);
        }
        if (a instanceof Value.Ratio || b instanceof Value.Ratio) {
            return a instanceof Value.Ratio x ? quantities.ratio(x, b) : quantities.ratio((Value.Ratio) b, a);
        }
        if (a instanceof Value.Congruence x && b instanceof Value.Congruence y) {
            boolean names = x.name() == null || y.name() == null || x.name().equals(y.name());
            return names && quantities.congruent(x, y);
        }
        return a.equals(b);
    }

    private boolean memberships(Value a, Value b) {
        if (a instanceof Value.Membership x && b instanceof Value.Membership y) {
            return x.variable().equals(y.variable()) && equal(x.set(), y.set());
        }
        return a instanceof Value.Membership x ? equal(x.set(), b) : equal(a, ((Value.Membership) b).set());
    }

    private boolean operations(Value.SetOperation a, Value.SetOperation b) {
        if (!a.operation().equals(b.operation())) {
            return false;
        }
        if (a.operation().equals("setminus")) {
            return equal(a.left(), b.left()) && equal(a.right(), b.right());
        }
        return inAnyOrder(operands(a, a.operation()), operands(b, b.operation()));
    }

    private static List<Value> operands(Value value, String operation) {
        if (!(value instanceof Value.SetOperation own) || !own.operation().equals(operation)) {
            return List.of(value);
        }
        List<Value> all = new ArrayList<>(operands(own.left(), operation));
        all.addAll(operands(own.right(), operation));
        return all;
    }

    private boolean tuples(Value.Ordered a, Value.Ordered b) {
        // Two things in brackets may be an interval, whose ends count; more cannot.
        boolean ends = a.items().size() != 2 || a.open() == b.open() && a.close() == b.close();
        boolean named = areNamed(a.items()) && areNamed(b.items());
        return ends && (named ? inAnyOrder(a.items(), b.items()) : inOrder(a.items(), b.items()));
    }

    private boolean listAndOther(Value.Unordered list, Value other) {
        if (!list.isList() && list.items().size() == 1) {
            // {5} is the set of what 5 says.
            return equal(list.items().get(0), other);
        }
        if (other instanceof Value.Ordered tuple) {
            boolean isTuple = tuple.open() == '(' && tuple.close() == ')';
            if (areNamed(list.items()) && areNamed(tuple.items())) {
                return inAnyOrder(list.items(), tuple.items());
            }
            return list.isList() && isTuple && inOrder(list.items(), tuple.items());
        }
        return false;
    }

    /** Whether each says itself which quantity it is, so that the order does not matter. */
    private static boolean areNamed(List<Value> items) {
        return items.stream().allMatch(item -> item instanceof Value.Equation equation && equation.name() != null);
    }

    /** Whether the items name several quantities; x_1 and x_2 are solutions for the same one. */
    private static boolean namesDiffer(List<Value> items) {
        if (!areNamed(items)) {
            return false;
        }
        return items.stream()
                        .map(item -> ((Value.Equation) item).name())
                        .map(name ->
                                name == null || name.indexOf('_') < 0 ? name : name.substring(0, name.indexOf('_')))
                        .distinct()
                        .count()
                > 1;
    }

    private boolean matrices(Value.Matrix matrix, Value other) {
        if (other instanceof Value.Matrix second) {
            if (matrix.rows().size() != second.rows().size()
                    || matrix.rows().get(0).size() != second.rows().get(0).size()) {
                return false;
            }
            return inOrder(matrix.entries(), second.entries());
        }
        if (other instanceof Value.Equation || !(other instanceof Value.Ordered tuple)) {
            return matrix.entries().size() == 1 && equal(matrix.entries().get(0), other);
        }
        List<Value> rows = new ArrayList<>();
        for (List<Value> row : matrix.rows()) {
            rows.add(new Value.Ordered('[', row, ']'));
        }
        boolean nested = tuple.items().get(0) instanceof Value.Ordered;
        return nested ? inOrder(rows, tuple.items()) : matrix.isVector() && inOrder(matrix.entries(), tuple.items());
    }

    private boolean inOrder(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Every member has a partner of its own. Equality is transitive enough for the first fitting one to do. */
    boolean inAnyOrder(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        List<Value> left = new ArrayList<>(b);
        for (Value member : a) {
            int partner = -1;
            for (int i = 0; i < left.size() && partner < 0; i++) {
                partner = equal(member, left.get(i)) ? i : -1;
            }
            if (partner < 0) {
                return false;
            }
            left.remove(partner);
        }
        return true;
    }
}
