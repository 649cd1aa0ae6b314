package org.grpo4j.datasets.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether equations and inequalities say the same. */
final class RelationComparison {

    private final Comparison values;
    private final FunctionComparison functions;

    RelationComparison(Comparison values, Budget budget) {
        this.values = values;
        this.functions = new FunctionComparison(budget);
    }

    /** Two values of which at least one is an equation. */
    boolean equal(Value a, Value b) {
        if (a instanceof Value.Equation x && b instanceof Value.Equation y) {
            return equations(x, y);
        }
        return a instanceof Value.Equation equation ? standsFor(equation, b) : standsFor((Value.Equation) b, a);
    }

    /** {@code x = 5} says 5 and {@code f(x) = 2x} says 2x; an equation without a name on its left says neither side. */
    private boolean standsFor(Value.Equation equation, Value other) {
        boolean list = other instanceof Value.Unordered || other instanceof Value.SetOperation;
        return equation.name() != null
                && !namesItself(equation)
                && (!list || !(equation.right() instanceof Value.Quantity))
                && values.equal(equation.right(), other);
    }

    /** Whether the named quantity occurs on the right too, as in {@code x = x^2 - 1}. */
    private static boolean namesItself(Value.Equation equation) {
        return equation.left() instanceof Expression.Name name
                && equation.right() instanceof Value.Quantity right
                && right.expression().variables().contains(name.name());
    }

    /** The same name with the same value, or one difference of sides a constant multiple of the other. */
    private boolean equations(Value.Equation a, Value.Equation b) {
        boolean named = a.name() != null && a.name().equals(b.name());
        if (named && values.equal(a.right(), b.right())) {
            return true;
        }
        Expression left = difference(a);
        Expression right = difference(b);
        if (left == null || right == null || left.variables().isEmpty()) {
            return false;
        }
        return left.variables().equals(right.variables()) && functions.proportional(left, right, false);
    }

    private static @Nullable Expression difference(Value.Equation equation) {
        Expression left = equation.left();
        return left != null && equation.right() instanceof Value.Quantity right
                ? Expression.difference(left, right.expression())
                : null;
    }

    /** The same chain, or the same chain turned round, each link up to a factor. */
    boolean inequalities(Value.Inequality a, Value.Inequality b) {
        int links = a.signs().size();
        if (b.signs().size() != links) {
            return false;
        }
        return links(a, b, false) || links(a, b, true);
    }

    private boolean links(Value.Inequality a, Value.Inequality b, boolean reversed) {
        int links = a.signs().size();
        for (int i = 0; i < links; i++) {
            int j = reversed ? links - 1 - i : i;
            if (!sameLink(link(a, i), a.signs().get(i), link(b, j), b.signs().get(j))) {
                return false;
            }
        }
        return true;
    }

    /** Left minus right of one link. */
    private static Expression link(Value.Inequality chain, int i) {
        List<Expression> sides = chain.sides();
        return Expression.difference(sides.get(i), sides.get(i + 1));
    }

    private boolean sameLink(Expression a, String signA, Expression b, String signB) {
        if (signA.equals("!=") || signB.equals("!=")) {
            return signA.equals(signB) && functions.proportional(a, b, false);
        }
        if (signA.endsWith("=") != signB.endsWith("=")) {
            return false;
        }
        boolean same = signA.charAt(0) == signB.charAt(0);
        return functions.proportional(a, same ? b : new Expression.Negative(b), true);
    }
}
