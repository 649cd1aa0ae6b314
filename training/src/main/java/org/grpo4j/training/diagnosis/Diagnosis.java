package org.grpo4j.training.diagnosis;

import java.util.Locale;

/**
 * A symptom of a run with its explanation.
 *
 * @param symptom what was seen
 * @param step in which it was first seen, from 1
 * @param text what it is, the likely cause and what to do, for people
 */
public record Diagnosis(Symptom symptom, int step, String text) {

    /** One line for a terminal, such as {@code warning (step 3): …}. */
    public String line() {
        return symptom.severity().name().toLowerCase(Locale.ROOT) + " (step " + step + "): " + text;
    }
}
