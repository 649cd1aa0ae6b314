package org.grpo4j.datasets.verify;

import java.util.Set;
import java.util.regex.Pattern;

/** Tells words from products of variables. */
final class Words {

    private static final Pattern WORDS = Pattern.compile("\\p{L}+(?:[ '-]\\p{L}+)*+");
    private static final Pattern WORD_OF_THREE = Pattern.compile(".*\\p{L}{3}.*");
    private static final Set<String> MATHEMATICS = Set.of("pi", "sqrt", "and", "or");

    private Words() {}

    /** One word of two letters or more, or several of which one has three; none of them means something to a parser. */
    static boolean isWords(String text) {
        if (!WORDS.matcher(text).matches()) {
            return false;
        }
        String[] words = text.split("[ '-]", -1);
        for (String word : words) {
            if (Functions.NAMES.contains(word) || MATHEMATICS.contains(word)) {
                return false;
            }
        }
        return words.length == 1
                ? text.length() > 1
                : WORD_OF_THREE.matcher(text).matches();
    }
}
