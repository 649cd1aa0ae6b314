package org.grpo4j.datasets.verify;

import java.util.Set;

/** Kinds of atoms, told by their names. */
final class Atoms {

    static final String PI = "pi";
    static final String E = "e";
    static final String INFINITY = "infinity";

    private static final Set<String> CONSTANTS = Set.of(PI, E, Monomial.IMAGINARY, INFINITY);

    private Atoms() {}

    /** A variable, or a function or power that holds one. */
    static boolean isVariable(String atom) {
        if (CONSTANTS.contains(atom) || atom.charAt(0) == '#') {
            return false;
        }
        int open = atom.indexOf('(');
        if (open < 0) {
            return true;
        }
        for (String name : atom.substring(open).split("[^A-Za-z_]+", -1)) {
            if (!name.isEmpty()
                    && !CONSTANTS.contains(name)
                    && !Functions.NAMES.contains(name)
                    && !name.equals("pow")) {
                return true;
            }
        }
        return false;
    }
}
