package org.grpo4j.datasets.overlap;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A problem's text as a list of words, numbers and operators, the same for copies that differ in case, white space,
 * punctuation, LaTeX spacing, math delimiters and a chat template around them.
 *
 * @param tokens in order; operators are kept, because 1+2 and 1-2 are different problems
 */
record ProblemText(List<String> tokens) {

    /** What a user says in the templates of ChatML (Qwen), Llama 3 and Llama 2; the rest of a template is no problem. */
    private static final Pattern USER_TURN = Pattern.compile(
            "<\\|im_start\\|>user\\n(.*?)(?:<\\|im_end\\|>|\\z)"
                    + "|<\\|start_header_id\\|>user<\\|end_header_id\\|>\\s*(.*?)(?:<\\|eot_id\\|>|\\z)"
                    + "|\\[INST](.*?)(?:\\[/INST]|\\z)",
            Pattern.DOTALL);

    private static final Pattern LATEX_NOISE = Pattern.compile("\\\\(?:left|right|bigg?|quad|qquad|displaystyle|limits"
            + "|text|textbf|textit|mathrm|mathbf|operatorname|mbox)(?![a-zA-Z])|\\\\[,;:!> ()\\[\\]]|[~$]");
    private static final Pattern FRACTION = Pattern.compile("\\\\[dt]frac");
    private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d),(?=\\d{3}(?!\\d))");
    private static final Pattern DASHES = Pattern.compile("[\\u2010-\\u2015\\u2212]");
    private static final Pattern TOKEN = Pattern.compile("\\p{L}+|\\d+(?:\\.\\d+)?|[-+*/^=<>%!]");

    ProblemText {
        tokens = List.copyOf(tokens);
    }

    static ProblemText of(String problem) {
        String text = Normalizer.normalize(lastUserTurn(problem), Normalizer.Form.NFKC);
        text = LATEX_NOISE.matcher(text).replaceAll(" ");
        text = FRACTION.matcher(text).replaceAll("\\\\frac");
        text = THOUSANDS.matcher(text).replaceAll("");
        text = DASHES.matcher(text).replaceAll("-").toLowerCase(Locale.ROOT);
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group());
        }
        return new ProblemText(tokens);
    }

    private static String lastUserTurn(String problem) {
        Matcher turn = USER_TURN.matcher(problem);
        String last = problem;
        while (turn.find()) {
            for (int group = 1; group <= turn.groupCount(); group++) {
                last = turn.group(group) == null ? last : turn.group(group);
            }
        }
        return last;
    }

    /** One text for all copies. Only numbers are kept apart, as {@code x y} may be spaced in any way but 1 2 is not 12. */
    String key() {
        StringBuilder key = new StringBuilder();
        for (String token : tokens) {
            boolean numbers = !key.isEmpty()
                    && Character.isDigit(key.charAt(key.length() - 1))
                    && Character.isDigit(token.charAt(0));
            key.append(numbers ? " " : "").append(token);
        }
        return key.toString();
    }

    /** 64-bit hashes of its different runs of {@code n} tokens; none when it is shorter. */
    long[] ngrams(int n) {
        int count = Math.max(0, tokens.size() - n + 1);
        long[] hashes = new long[count];
        for (int i = 0; i < count; i++) {
            long hash = 1;
            for (String token : tokens.subList(i, i + n)) {
                hash = mix(hash * 31 + token.hashCode());
            }
            hashes[i] = hash;
        }
        return Arrays.stream(hashes).distinct().toArray();
    }

    private static long mix(long value) {
        long a = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
