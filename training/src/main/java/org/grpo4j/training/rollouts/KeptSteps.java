package org.grpo4j.training.rollouts;

/**
 * Which steps of a run stay: the first and others at an even distance, which doubles whenever there are too many, and the
 * latest. What stays depends on the latest step only, so a run that was broken off and resumed keeps the same as another.
 */
final class KeptSteps {

    private KeptSteps() {}

    /** Steps between two that stay, when {@code latest} is the last one: 1, 2, 4, … */
    static int distance(int latest, int most) {
        int distance = 1;
        while ((latest - 1) / distance >= most) {
            distance *= 2;
        }
        return distance;
    }

    /**
     * Whether a step stays.
     *
     * @param latest step of the run so far
     * @param most steps that stay beside the latest
     */
    static boolean stays(int step, int latest, int most) {
        return step == latest || (step < latest && (step - 1) % distance(latest, most) == 0);
    }
}
