package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;

/**
 * Points at which functions are compared: fixed, spread over the places where formulas behave differently, and with prime
 * denominators, so that no natural expression vanishes at one by accident.
 */
final class SamplePoints {

    private static final int DENOMINATOR = 97;

    /** Ranges of the coordinates, in 97ths: inside (0, 1), around 1, above 4, and on both sides of zero. */
    private static final int[][] REAL_RANGES = {
        {5, 92}, {5, 92}, {50, 400}, {400, 1200}, {-300, 300}, {-300, 300}, {-90, 90}
    };

    private static final int[][] WHOLE_RANGES = {{1, 5}, {1, 9}, {1, 9}, {1, 9}, {2, 16}, {2, 16}, {8, 30}, {8, 30}};

    private SamplePoints() {}

    static List<Map<String, Rational>> real(SortedSet<String> variables) {
        return points(variables, REAL_RANGES, DENOMINATOR);
    }

    /** Positive whole numbers, for factorials and for floors of fractions of a count. */
    static List<Map<String, Rational>> whole(SortedSet<String> variables) {
        return points(variables, WHOLE_RANGES, 1);
    }

    private static List<Map<String, Rational>> points(SortedSet<String> variables, int[][] ranges, int denominator) {
        List<Map<String, Rational>> points = new ArrayList<>();
        for (int i = 0; i < ranges.length; i++) {
            SplittableRandom random = new SplittableRandom(7919L * i + denominator);
            Map<String, Rational> point = new HashMap<>();
            for (String variable : variables) {
                int numerator;
                do {
                    numerator = random.nextInt(ranges[i][0], ranges[i][1]);
                } while (denominator > 1 && numerator % denominator == 0);
                point.put(variable, Rational.of(numerator, denominator));
            }
            points.add(point);
        }
        return points;
    }
}
