package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;

/** Whether two values are equal. Nothing is equal by closeness except a long decimal that is a gold's correct rounding. */
final class Comparison {

    private static final Rational HUNDRED = Rational.of(100);

    private final Budget budget;

    Comparison(Budget budget) {
        this.budget = budget;
    }

    boolean equal(Value gold, Value answer) {
        if (gold instanceof Value.Equation a && answer instanceof Value.Equation b) {
            return equations(a, b);
        }
        if (gold instanceof Value.Equation equation) {
            return standsForRight(equation) && equal(equation.right(), answer);
        }
        if (answer instanceof Value.Equation equation) {
            return standsForRight(equation) && equal(gold, equation.right());
        }
        if (gold instanceof Value.Quantity a && answer instanceof Value.Quantity b) {
            return quantities(a, b);
        }
        if (gold instanceof Value.Ordered a && answer instanceof Value.Ordered b) {
            return a.open() == b.open() && a.close() == b.close() && inOrder(a.items(), b.items());
        }
        if (gold instanceof Value.Unordered a && answer instanceof Value.Unordered b) {
            return isUnion(a) == isUnion(b) && inAnyOrder(a.items(), b.items());
        }
        if (gold instanceof Value.Unordered a && answer instanceof Value.Ordered b) {
            return isBareList(a) && isTuple(b) && inOrder(a.items(), b.items());
        }
        if (gold instanceof Value.Ordered a && answer instanceof Value.Unordered b) {
            return isBareList(b) && isTuple(a) && inOrder(a.items(), b.items());
        }
        return gold.equals(answer);
    }

    /** {@code x = 5} says 5, and {@code f(x) = 2x} says 2x; but {@code y = 2x} is an equation, not 2x. */
    private static boolean standsForRight(Value.Equation equation) {
        String name = equation.name();
        if (name == null) {
            return false;
        }
        boolean constant = !(equation.right() instanceof Value.Quantity quantity
                && quantity.value().hasVariable());
        return constant || name.endsWith(")");
    }

    /** Two equations are the same when one difference is a constant multiple of the other. */
    private boolean equations(Value.Equation a, Value.Equation b) {
        if (a.difference() != null && b.difference() != null) {
            Polynomial left = a.difference().numerator();
            Polynomial right = b.difference().numerator();
            if (!left.hasVariable() || !right.hasVariable() || !sameDenominators(a.difference(), b.difference())) {
                return false;
            }
            Rational x = left.terms().values().iterator().next();
            Rational y = right.terms().values().iterator().next();
            return left.times(Polynomial.of(y), budget).equals(right.times(Polynomial.of(x), budget));
        }
        return a.name() != null && a.name().equals(b.name()) && equal(a.right(), b.right());
    }

    private static boolean sameDenominators(Quotient a, Quotient b) {
        return a.denominator().equals(b.denominator());
    }

    private boolean quantities(Value.Quantity gold, Value.Quantity answer) {
        if (gold.value().isEqualTo(answer.value(), budget)) {
            return true;
        }
        if (gold.percent() != answer.percent()) {
            Quotient percent = gold.percent() ? gold.value() : answer.value();
            Quotient plain = gold.percent() ? answer.value() : gold.value();
            return percent.isEqualTo(plain.times(Quotient.of(HUNDRED), budget), budget);
        }
        return answer.decimals() >= 0 && isRounding(gold.value(), answer);
    }

    /** Whether a long decimal is a fraction without end, correctly rounded; a gold that ends is compared exactly. */
    private static boolean isRounding(Quotient gold, Value.Quantity answer) {
        Rational exact = gold.constant();
        Rational decimal = answer.value().constant();
        if (exact == null || decimal == null || exact.isFiniteDecimal()) {
            return false;
        }
        Rational distance = exact.plus(decimal.negate());
        Rational size = distance.signum() < 0 ? distance.negate() : distance;
        Rational half = Rational.of(1, 2).over(Rational.of(10).power(answer.decimals()));
        return size.compareTo(half) <= 0;
    }

    private boolean inOrder(List<Value> gold, List<Value> answer) {
        if (gold.size() != answer.size()) {
            return false;
        }
        for (int i = 0; i < gold.size(); i++) {
            if (!equal(gold.get(i), answer.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Every member has a partner of its own. Equality is transitive enough for the first fitting one to do. */
    private boolean inAnyOrder(List<Value> gold, List<Value> answer) {
        if (gold.size() != answer.size()) {
            return false;
        }
        List<Value> left = new ArrayList<>(answer);
        for (Value member : gold) {
            int partner = -1;
            for (int i = 0; i < left.size() && partner < 0; i++) {
                budget.spend(1);
                partner = equal(member, left.get(i)) ? i : -1;
            }
            if (partner < 0) {
                return false;
            }
            left.remove(partner);
        }
        return true;
    }

    private static boolean isTuple(Value.Ordered value) {
        return value.open() == '(' && value.close() == ')';
    }

    private static boolean isBareList(Value.Unordered value) {
        return value.kind().isEmpty();
    }

    private static boolean isUnion(Value.Unordered value) {
        return value.kind().equals("union");
    }
}
