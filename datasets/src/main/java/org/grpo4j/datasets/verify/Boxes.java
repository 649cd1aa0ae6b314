package org.grpo4j.datasets.verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The boxes of a text, found in one pass with a stack of open braces, so that a text of nothing but opening braces takes
 * linear time too.
 *
 * @param contents what is in each box, outermost boxes only
 * @param gaps the text before each box, since the one before
 * @param unclosed whether the text ends inside a box
 */
record Boxes(List<String> contents, List<String> gaps, boolean unclosed) {

    private static final Pattern OPENING = Pattern.compile("\\\\f?box(?:ed)?(?![A-Za-z])[ \\t]*");
    private static final Pattern BARE = Pattern.compile("-?[\\w.,/]+");
    private static final Pattern CONJUNCTION = Pattern.compile(",|\\b(?:and|or)\\b");
    private static final Pattern OTHER_WORDS = Pattern.compile(
            "(?<!\\\\)\\b(?!(?:and|or|also|either|is|are|text|quad|qquad)\\b)[A-Za-z]{2,}|[.!?]\\s|\\n\\s*\\n");
    private static final int LONGEST_GAP = 40;

    private record Span(int outerStart, int start, int end, int outerEnd) {}

    static Boxes in(String text) {
        List<Span> spans = new ArrayList<>();
        Deque<Integer> braces = new ArrayDeque<>();
        Deque<Integer> boxes = new ArrayDeque<>();
        Matcher opening = OPENING.matcher(text);
        Matcher bare = BARE.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
                if (next != 'b' && next != 'f'
                        || !opening.region(i, text.length()).lookingAt()) {
                    i++;
                } else if (opening.end() < text.length() && text.charAt(opening.end()) == '{') {
                    // The box's own brace: where the box began tells it from other braces.
                    braces.push(-1 - i);
                    boxes.push(opening.end() + 1);
                    i = opening.end();
                } else if (bare.region(opening.end(), text.length()).lookingAt()) {
                    add(spans, new Span(i, bare.start(), bare.end(), bare.end()));
                    i = bare.end() - 1;
                }
            } else if (c == '{') {
                braces.push(i);
            } else if (c == '}' && !braces.isEmpty()) {
                int brace = braces.pop();
                if (brace < 0) {
                    add(spans, new Span(-1 - brace, boxes.pop(), i, i + 1));
                }
            }
        }
        return cutOut(text, spans, !boxes.isEmpty());
    }

    /** A box that closes after others that began later holds them. */
    private static void add(List<Span> spans, Span span) {
        while (!spans.isEmpty() && spans.get(spans.size() - 1).outerStart() > span.outerStart()) {
            spans.remove(spans.size() - 1);
        }
        spans.add(span);
    }

    private static Boxes cutOut(String text, List<Span> spans, boolean unclosed) {
        List<String> contents = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        int before = 0;
        for (Span span : spans) {
            contents.add(text.substring(span.start(), span.end()));
            gaps.add(text.substring(before, span.outerStart()));
            before = span.outerEnd();
        }
        return new Boxes(contents, gaps, unclosed);
    }

    /** Whether the writer meant to box an answer; one that was never closed is no answer, but no number beside it is. */
    boolean any() {
        return unclosed || !contents.isEmpty();
    }

    /** The last box, joined with those before it when only a comma, "and" or "or" stands between; empty if unclosed. */
    String last() {
        if (contents.isEmpty()) {
            return "";
        }
        int first = contents.size() - 1;
        StringBuilder list = new StringBuilder(contents.get(first));
        while (first > 0 && joins(gaps.get(first))) {
            first--;
            list.insert(0, contents.get(first) + ", ");
        }
        return list.toString();
    }

    /** Whether the text between two boxes says that they belong together: short, with a comma or conjunction. */
    private static boolean joins(String gap) {
        return gap.length() <= LONGEST_GAP
                && CONJUNCTION.matcher(gap).find()
                && !OTHER_WORDS.matcher(gap).find();
    }
}
