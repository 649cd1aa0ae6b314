package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A union of intervals of the real line, apart from each other and in order. */
final class RealSet {

    /**
     * One end of an interval.
     *
     * @param at where, null for infinity
     * @param closed whether the end belongs to the interval
     */
    record End(@Nullable Expression at, boolean closed) {}

    /** An interval; a single point is closed at both of its equal ends. */
    record Interval(End low, End high) {}

    private final Numbers numbers;
    private final List<Interval> intervals;

    private RealSet(Numbers numbers, List<Interval> intervals) {
        this.numbers = numbers;
        this.intervals = intervals;
    }

    static RealSet of(Interval interval, Numbers numbers) {
        RealSet set = new RealSet(numbers, List.of(interval));
        return set.isEmpty(interval) ? empty(numbers) : set;
    }

    static RealSet empty(Numbers numbers) {
        return new RealSet(numbers, List.of());
    }

    static RealSet all(Numbers numbers) {
        End end = new End(null, false);
        return new RealSet(numbers, List.of(new Interval(end, end)));
    }

    static RealSet point(Expression at, Numbers numbers) {
        End end = new End(at, true);
        return of(new Interval(end, end), numbers);
    }

    private boolean isEmpty(Interval interval) {
        Expression low = interval.low().at();
        Expression high = interval.high().at();
        if (low == null || high == null) {
            return false;
        }
        int order = numbers.compare(low, high);
        boolean point = interval.low().closed() && interval.high().closed();
        return order > 0 || order == 0 && !point;
    }

    RealSet union(RealSet other) {
        List<Interval> all = new ArrayList<>(intervals);
        all.addAll(other.intervals);
        all.sort((a, b) -> compareLow(a.low(), b.low()));
        List<Interval> merged = new ArrayList<>();
        for (Interval next : all) {
            Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || !touch(last.high(), next.low())) {
                merged.add(next);
            } else {
                boolean further = compareHigh(next.high(), last.high()) > 0;
                merged.set(merged.size() - 1, new Interval(last.low(), further ? next.high() : last.high()));
            }
        }
        return new RealSet(numbers, merged);
    }

    RealSet intersection(RealSet other) {
        RealSet result = empty(numbers);
        for (Interval a : intervals) {
            for (Interval b : other.intervals) {
                End low = compareLow(a.low(), b.low()) >= 0 ? a.low() : b.low();
                End high = compareHigh(a.high(), b.high()) <= 0 ? a.high() : b.high();
                result = result.union(of(new Interval(low, high), numbers));
            }
        }
        return result;
    }

    RealSet complement() {
        RealSet result = all(numbers);
        for (Interval interval : intervals) {
            RealSet outside = empty(numbers);
            End infinite = new End(null, false);
            if (interval.low().at() != null) {
                End end = new End(interval.low().at(), !interval.low().closed());
                outside = outside.union(of(new Interval(infinite, end), numbers));
            }
            if (interval.high().at() != null) {
                End end = new End(interval.high().at(), !interval.high().closed());
                outside = outside.union(of(new Interval(end, infinite), numbers));
            }
            result = result.intersection(outside);
        }
        return result;
    }

    boolean isEqualTo(RealSet other) {
        if (intervals.size() != other.intervals.size()) {
            return false;
        }
        for (int i = 0; i < intervals.size(); i++) {
            Interval a = intervals.get(i);
            Interval b = other.intervals.get(i);
            if (compareLow(a.low(), b.low()) != 0 || compareHigh(a.high(), b.high()) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Lower ends: minus infinity first, and of equal ones the closed one. */
    private int compareLow(End a, End b) {
        if (a.at() == null || b.at() == null) {
            return Boolean.compare(b.at() == null, a.at() == null);
        }
        int order = numbers.compare(a.at(), b.at());
        return order != 0 ? order : Boolean.compare(b.closed(), a.closed());
    }

    /** Upper ends: infinity last, and of equal ones the open one first. */
    private int compareHigh(End a, End b) {
        if (a.at() == null || b.at() == null) {
            return Boolean.compare(a.at() == null, b.at() == null);
        }
        int order = numbers.compare(a.at(), b.at());
        return order != 0 ? order : Boolean.compare(a.closed(), b.closed());
    }

    /** Whether no number lies between an upper end and a lower one. */
    private boolean touch(End high, End low) {
        if (high.at() == null || low.at() == null) {
            return true;
        }
        int order = numbers.compare(high.at(), low.at());
        return order > 0 || order == 0 && (high.closed() || low.closed());
    }
}
