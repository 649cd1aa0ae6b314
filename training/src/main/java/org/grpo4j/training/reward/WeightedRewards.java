package org.grpo4j.training.reward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A weighted sum of rewards that keeps the value of each component. A component that throws, or gives something that is not
 * a number, makes the score unusable instead of 0: a fault in a reward must not teach the policy anything.
 *
 * @param components at least one, with different names
 */
public record WeightedRewards(List<Component> components) {

    /**
     * A reward with its place in the sum.
     *
     * @param name as in the configuration and the metrics
     * @param weight factor, finite
     */
    public record Component(String name, double weight, Reward reward) {}

    /** @throws IllegalArgumentException if there is no component or a name appears twice */
    public WeightedRewards {
        components = List.copyOf(components);
        if (components.isEmpty()) {
            throw new IllegalArgumentException("rewards is empty; give at least one, for example {name: answer}");
        }
        Set<String> names = new HashSet<>();
        for (Component component : components) {
            if (!names.add(component.name)) {
                throw new IllegalArgumentException("reward \"" + component.name
                        + "\" is listed twice; give it once, with" + " the sum of the weights");
            }
        }
    }

    /** The same with one more component at the end. */
    public WeightedRewards with(Component component) {
        List<Component> more = new ArrayList<>(components);
        more.add(component);
        return new WeightedRewards(more);
    }

    /**
     * What the rewards say about one completion.
     *
     * @param values unweighted value of every component that could judge it, in order
     * @param failures why the others could not, by name, in order
     * @param total the weighted sum; empty if any component failed
     */
    public record Score(Map<String, Double> values, Map<String, String> failures, OptionalDouble total) {

        /** Whether every component could judge the completion. */
        public boolean isUsable() {
            return total.isPresent();
        }
    }

    /** Scores one completion; never throws for what a reward does. */
    public Score score(RewardContext context) {
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        double total = 0;
        for (Component component : components) {
            try {
                double value = component.reward.score(context);
                if (Double.isFinite(value)) {
                    values.put(component.name, value);
                    total += component.weight * value;
                } else {
                    failures.put(component.name, "the reward is " + value + ", which is not a finite number");
                }
            } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError fault) {
                failures.put(component.name, String.valueOf(fault));
            }
        }
        if (failures.isEmpty() && !Double.isFinite(total)) {
            failures.put("sum", "the weighted sum of the rewards is " + total + ", which is not a finite number");
        }
        return new Score(values, failures, failures.isEmpty() ? OptionalDouble.of(total) : OptionalDouble.empty());
    }
}
