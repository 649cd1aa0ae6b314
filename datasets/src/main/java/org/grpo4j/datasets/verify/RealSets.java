package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.grpo4j.datasets.verify.RealSet.End;
import org.grpo4j.datasets.verify.RealSet.Interval;
import org.jspecify.annotations.Nullable;

/** Reads values as sets of real numbers, where they are. */
final class RealSets {

    private final Numbers numbers;

    RealSets(Numbers numbers) {
        this.numbers = numbers;
    }

    /** The set, null when the value is none or has ends that are no numbers. */
    @Nullable
    RealSet of(Value value) {
        if (value instanceof Value.Ordered pair) {
            return pair.isPair() ? interval(pair) : null;
        }
        if (value instanceof Value.Unordered set) {
            return points(set.items());
        }
        if (value instanceof Value.NamedSet named) {
            return named.name().equals("R") ? RealSet.all(numbers) : null;
        }
        if (value instanceof Value.Membership membership) {
            return of(membership.set());
        }
        if (value instanceof Value.Inequality inequality) {
            return solutions(inequality);
        }
        return value instanceof Value.SetOperation operation ? combined(operation) : null;
    }

    private @Nullable RealSet combined(Value.SetOperation operation) {
        RealSet left = of(operation.left());
        RealSet right = of(operation.right());
        if (left == null || right == null) {
            return null;
        }
        return switch (operation.operation()) {
            case "cup" -> left.union(right);
            case "cap" -> left.intersection(right);
            default -> left.intersection(right.complement());
        };
    }

    private @Nullable RealSet interval(Value.Ordered pair) {
        End low = end(pair.items().get(0), pair.open() == '[', true);
        End high = end(pair.items().get(1), pair.close() == ']', false);
        return low == null || high == null ? null : RealSet.of(new Interval(low, high), numbers);
    }

    private static @Nullable End end(Value value, boolean closed, boolean low) {
        if (value instanceof Value.Infinite infinite) {
            return infinite.negative() == low ? new End(null, false) : null;
        }
        Expression at = realConstant(value);
        return at == null ? null : new End(at, closed);
    }

    private static @Nullable Expression realConstant(Value value) {
        return value instanceof Value.Quantity quantity
                        && quantity.number() != null
                        && quantity.number().isReal()
                        && !quantity.percent()
                ? quantity.expression()
                : null;
    }

    /** Points, and conditions with commas between them, of which any may hold. */
    private @Nullable RealSet points(List<Value> items) {
        RealSet set = RealSet.empty(numbers);
        for (Value item : items) {
            Expression at = realConstant(item);
            boolean condition = item instanceof Value.Inequality || item instanceof Value.Membership;
            RealSet part = at != null ? RealSet.point(at, numbers) : condition ? of(item) : null;
            if (part == null) {
                return null;
            }
            set = set.union(part);
        }
        return set;
    }

    /** The names in a set's conditions; two sets in different unknowns are not the same answer. */
    static SortedSet<String> unknowns(Value value) {
        SortedSet<String> names = new TreeSet<>();
        if (value instanceof Value.Inequality inequality) {
            inequality.sides().forEach(side -> names.addAll(side.variables()));
        } else if (value instanceof Value.Membership membership) {
            names.add(membership.variable());
        } else if (value instanceof Value.SetOperation operation) {
            names.addAll(unknowns(operation.left()));
            names.addAll(unknowns(operation.right()));
        } else if (value instanceof Value.Unordered list) {
            list.items().forEach(item -> names.addAll(unknowns(item)));
        }
        return names;
    }

    /** The solutions of a chain of inequalities that are linear in one unknown. */
    private @Nullable RealSet solutions(Value.Inequality inequality) {
        SortedSet<String> names = unknowns(inequality);
        if (names.size() != 1) {
            return null;
        }
        RealSet set = RealSet.all(numbers);
        for (int i = 0; i < inequality.signs().size(); i++) {
            RealSet next = halfLine(
                    inequality.sides().get(i),
                    inequality.signs().get(i),
                    inequality.sides().get(i + 1),
                    names.first());
            if (next == null) {
                return null;
            }
            set = set.intersection(next);
        }
        return set;
    }

    private @Nullable RealSet halfLine(Expression left, String sign, Expression right, String name) {
        boolean alone = left instanceof Expression.Name && right.variables().isEmpty();
        boolean reversed = right instanceof Expression.Name && left.variables().isEmpty();
        if (alone || reversed) {
            return halfLine(alone ? right : left, sign, reversed);
        }
        if (left instanceof Expression.Call call
                && call.function().equals("abs")
                && right.variables().isEmpty()) {
            return absolute(call.arguments().get(0), sign, right, name);
        }
        try {
            return linear(Expression.difference(left, right), sign, name);
        } catch (Unparsed e) {
            if (e.isTooLarge()) {
                throw e;
            }
            return null;
        }
    }

    /** {@code |a| < b} lies between -b and b, {@code |a| > b} outside. */
    private @Nullable RealSet absolute(Expression inside, String sign, Expression bound, String name) {
        if (sign.equals("!=")) {
            return null;
        }
        String turned = (sign.startsWith("<") ? ">" : "<") + sign.substring(1);
        RealSet upper = halfLine(inside, sign, bound, name);
        RealSet lower = halfLine(inside, turned, new Expression.Negative(bound), name);
        if (upper == null || lower == null) {
            return null;
        }
        return sign.startsWith("<") ? upper.intersection(lower) : upper.union(lower);
    }

    private @Nullable RealSet linear(Expression difference, String sign, String name) {
        Expression atZero = new Expression.At(difference, name, Rational.ZERO);
        Expression atOne = new Expression.At(difference, name, Rational.ONE);
        Expression slope = Expression.difference(atOne, atZero);
        if (!isLinear(difference, atZero, slope, name)) {
            return null;
        }
        int direction = numbers.compare(slope, Expression.numeral(0));
        if (direction == 0) {
            return null;
        }
        Expression root = Expression.quotient(new Expression.Negative(atZero), slope);
        return halfLine(root, sign, direction < 0);
    }

    /** Sampled at three more places; no natural function that is not linear passes through all of them. */
    private boolean isLinear(Expression difference, Expression atZero, Expression slope, String name) {
        for (Rational place : List.of(Rational.of(-7, 3), Rational.of(5, 7), Rational.of(101, 11))) {
            Expression expected = new Expression.Sum(
                    List.of(atZero, new Expression.Product(List.of(slope, new Expression.Numeral(place)))));
            if (!numbers.equal(new Expression.At(difference, name, place), expected)) {
                return false;
            }
        }
        return true;
    }

    private RealSet halfLine(Expression at, String sign, boolean reversed) {
        if (sign.equals("!=")) {
            return RealSet.point(at, numbers).complement();
        }
        boolean above = sign.startsWith(">") != reversed;
        End end = new End(at, sign.endsWith("="));
        End infinite = new End(null, false);
        return RealSet.of(above ? new Interval(end, infinite) : new Interval(infinite, end), numbers);
    }
}
