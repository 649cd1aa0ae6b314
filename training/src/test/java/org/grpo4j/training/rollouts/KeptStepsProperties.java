package org.grpo4j.training.rollouts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeptStepsProperties {

    @Property(tries = 200)
    void firstLatestAndEvenDistancesStayWithinTheLimit(
            @ForAll @IntRange(min = 1, max = 5000) int latest, @ForAll @IntRange(min = 2, max = 64) int most) {
        List<Integer> kept = kept(latest, most);
        assertThat(kept).contains(1, latest).hasSizeLessThanOrEqualTo(most + 1);
        assertThat(kept).as("no fewer than half").hasSizeGreaterThanOrEqualTo(Math.min(latest, most / 2));
        List<Integer> distances = IntStream.range(1, kept.size() - 1)
                .mapToObj(i -> kept.get(i) - kept.get(i - 1))
                .distinct()
                .toList();
        assertThat(distances).as("between all but the latest").hasSizeLessThanOrEqualTo(1);
    }

    /** Otherwise thinning would have thrown away what is wanted later. */
    @Property(tries = 200)
    void whatStaysNowStayedBefore(@ForAll @IntRange(min = 2, max = 5000) int latest) {
        List<Integer> before = kept(latest - 1, 64);
        assertThat(kept(latest, 64)).allMatch(step -> step == latest || before.contains(step));
    }

    private static List<Integer> kept(int latest, int most) {
        return IntStream.rangeClosed(1, latest)
                .filter(step -> KeptSteps.stays(step, latest, most))
                .boxed()
                .toList();
    }
}
