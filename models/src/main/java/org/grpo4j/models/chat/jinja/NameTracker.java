package org.grpo4j.models.chat.jinja;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the {@link Statement.Names} of a body while it is parsed, in the manner of {@code jinja2.idtracking}. */
final class NameTracker {

    /** Names that a macro gives its body only if the body reads them. */
    private static final Set<String> SPECIAL = Set.of("varargs", "kwargs", "caller");

    private final @Nullable NameTracker outer;
    private final Set<String> setFirst = new HashSet<>();
    private final Set<String> mentioned = new HashSet<>();
    private final Set<String> special = new HashSet<>();
    private int conditions;

    NameTracker(@Nullable NameTracker outer) {
        this.outer = outer;
    }

    @Nullable
    NameTracker outer() {
        return outer;
    }

    void read(String name) {
        mentioned.add(name);
        if (SPECIAL.contains(name)) {
            for (NameTracker body = this; body != null; body = body.outer) {
                body.special.add(name);
            }
        }
    }

    void set(String name) {
        if (mentioned.add(name) && conditions == 0) {
            setFirst.add(name);
        }
    }

    /** A parameter or loop variable, which has a value from the start. */
    void declare(String name) {
        mentioned.add(name);
    }

    void enterCondition() {
        conditions++;
    }

    void leaveCondition() {
        conditions--;
    }

    Statement.Names names() {
        return new Statement.Names(Set.copyOf(setFirst), Set.copyOf(mentioned));
    }

    Set<String> special() {
        return Set.copyOf(special);
    }
}
