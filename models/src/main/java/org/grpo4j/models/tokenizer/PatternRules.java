package org.grpo4j.models.tokenizer;

/**
 * Which regular expressions a tokenizer may have. The matcher below the JVM backtracks; it gives up after ten million steps,
 * and giving up ends the process, as do nested groups that fill its stack. Allowed is what takes time in proportion to the
 * text whatever the text is, which all published byte-level tokenizers keep to: in each alternative at most one repetition
 * without limit that something after it may undo, and none of a group that itself can match in several ways.
 *
 * <p>Reads the syntax of Oniguruma as far as tokenizers use it; what it does not know is not allowed.
 */
final class PatternRules {

    private static final int LONGEST = 4_000;
    private static final int DEEPEST = 20;

    /** Repetitions up to so many times count as written out. */
    private static final int FEW_TIMES = 16;

    private static final int MANY = 1_000;

    private final String pattern;
    private int at;
    private int depth;

    private PatternRules(String pattern) {
        this.pattern = pattern;
    }

    /**
     * @param mustConsume whether an empty match is a fault too
     * @return what is wrong with an expression, to follow "which"; empty if nothing is
     */
    static String fault(String pattern, boolean mustConsume) {
        if (pattern.length() > LONGEST) {
            return "is longer than " + LONGEST + " characters";
        }
        PatternRules rules = new PatternRules(pattern);
        try {
            Cost cost = rules.alternatives();
            if (rules.at < pattern.length()) {
                return "closes a group that it does not open";
            }
            if (cost.repetitions() > 1) {
                return "could take for ever on some texts, because it repeats in several places";
            }
            return mustConsume && !cost.consumes() ? "may match no character at all" : "";
        } catch (Refused e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * What a part of an expression may cost.
     *
     * @param repetitions those without limit in its worst alternative that may have to be undone
     * @param open whether it ends in a repetition that is undone if what follows fails
     * @param optional whether it cannot fail
     * @param consumes whether it always takes a character of the text
     * @param single whether it matches in one way only: no choice and no repetition
     */
    private record Cost(int repetitions, boolean open, boolean optional, boolean consumes, boolean single) {

        static final Cost NOTHING = new Cost(0, false, true, false, true);
        static final Cost CHARACTER = new Cost(0, false, false, true, true);
        static final Cost CONDITION = new Cost(0, false, false, false, true);

        /** This, then the next: what cannot fail undoes nothing. */
        Cost then(Cost next) {
            boolean undone = open && !next.optional;
            int sum = repetitions + next.repetitions + (undone ? 1 : 0);
            boolean stillOpen = next.open || (open && !undone);
            // Two open repetitions side by side share what they match in many ways.
            int shared = open && next.open && !undone ? 1 : 0;
            return new Cost(
                    sum + shared,
                    stillOpen,
                    optional && next.optional,
                    consumes || next.consumes,
                    single && next.single);
        }

        Cost or(Cost other) {
            return new Cost(
                    Math.max(repetitions, other.repetitions),
                    open || other.open,
                    optional || other.optional,
                    consumes && other.consumes,
                    false);
        }
    }

    private Cost alternatives() {
        if (++depth > DEEPEST) {
            throw new Refused("nests its groups deeper than " + DEEPEST);
        }
        Cost cost = sequence();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            cost = cost.or(sequence());
        }
        depth--;
        return cost;
    }

    private Cost sequence() {
        Cost cost = Cost.NOTHING;
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            cost = cost.then(repeated(atom()));
        }
        return cost;
    }

    private Cost atom() {
        char c = pattern.charAt(at++);
        switch (c) {
            case '(' -> {
                return group();
            }
            case '[' -> {
                skipClass();
                return Cost.CHARACTER;
            }
            case '\\' -> {
                return escape();
            }
            case '^', '$' -> {
                return Cost.CONDITION;
            }
            case '*', '+', '?', '{' -> throw new Refused("repeats what is not there");
            default -> {
                return Cost.CHARACTER;
            }
        }
    }

    private Cost group() {
        boolean looks = false;
        if (pattern.startsWith("?", at)) {
            int start = at;
            for (String opening : new String[] {"?:", "?>", "?i:", "?=", "?!", "?<=", "?<!"}) {
                if (pattern.startsWith(opening, at)) {
                    at += opening.length();
                    looks = opening.indexOf('=') > 0 || opening.indexOf('!') > 0;
                    break;
                }
            }
            if (at == start) {
                throw new Refused("has a group of a kind that is not known here");
            }
        }
        Cost content = alternatives();
        if (at >= pattern.length()) {
            throw new Refused("does not close a group");
        }
        at++;
        // A look ahead consumes nothing, but may fail after the repetitions inside of it.
        return looks ? new Cost(content.repetitions() + (content.open() ? 1 : 0), false, false, false, false) : content;
    }

    private Cost escape() {
        if (at >= pattern.length()) {
            throw new Refused("ends with a backslash");
        }
        char c = pattern.charAt(at++);
        if (Character.isDigit(c) || "gkGKXRyY".indexOf(c) >= 0) {
            throw new Refused("refers back to what it matched");
        }
        boolean braces = (c == 'p' || c == 'P' || c == 'x') && pattern.startsWith("{", at);
        if (braces) {
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw new Refused("does not close a brace");
            }
            at = end + 1;
        }
        return "bBAzZ".indexOf(c) >= 0 ? Cost.CONDITION : Cost.CHARACTER;
    }

    /** A class in brackets; classes inside of it and an opening bracket that stands for itself are not told apart. */
    private void skipClass() {
        at += pattern.startsWith("^", at) ? 1 : 0;
        at += pattern.startsWith("]", at) ? 1 : 0;
        int open = 1;
        while (open > 0) {
            if (at >= pattern.length()) {
                throw new Refused("does not close a bracket");
            }
            char c = pattern.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '[') {
                open++;
            } else if (c == ']') {
                open--;
            }
            if (open > DEEPEST) {
                throw new Refused("nests its brackets deeper than " + DEEPEST);
            }
        }
    }

    private Cost repeated(Cost atom) {
        Cost cost = atom;
        for (boolean first = true; at < pattern.length(); first = false) {
            char c = pattern.charAt(at);
            if (c != '*' && c != '+' && c != '?' && c != '{') {
                break;
            }
            if (!first) {
                // "*?" and "*+" repeat lazily and without going back; a further one repeats the repetition.
                boolean kind = c == '?' || c == '+';
                if (!kind || pattern.startsWith("?", at + 1) || pattern.startsWith("+", at + 1)) {
                    throw new Refused("repeats a repetition");
                }
                at++;
                break;
            }
            at++;
            cost = switch (c) {
                case '*' -> unlimited(cost, true);
                case '+' -> unlimited(cost, false);
                case '?' -> new Cost(cost.repetitions(), cost.open(), true, false, false);
                default -> counted(cost);
            };
        }
        return cost;
    }

    private Cost unlimited(Cost content, boolean optional) {
        if (!content.single() || !content.consumes()) {
            throw new Refused("could take for ever on some texts, because it repeats what can match in several ways");
        }
        return new Cost(content.repetitions(), true, optional, !optional, false);
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}}; the opening brace is behind. */
    private Cost counted(Cost content) {
        int end = pattern.indexOf('}', at);
        String counts = end < 0 ? "" : pattern.substring(at, end);
        if (!counts.matches("\\d{1,4}(,\\d{0,4})?")) {
            throw new Refused("has a brace that is no count");
        }
        at = end + 1;
        String[] bounds = counts.split(",", -1);
        int least = Integer.parseInt(bounds[0]);
        int most = bounds.length == 1 ? least : bounds[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(bounds[1]);
        if (!content.single() || least > MANY || (most != Integer.MAX_VALUE && most > MANY)) {
            throw new Refused("repeats too often, or what can match in several ways");
        }
        if (most > FEW_TIMES && most != least) {
            return unlimited(content, least == 0);
        }
        boolean none = least == 0;
        return new Cost(
                0, false, none || content.optional(), !none && content.consumes(), most == least && most <= FEW_TIMES);
    }
}
