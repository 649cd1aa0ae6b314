package org.grpo4j.datasets.verify;

import java.util.regex.Pattern;

/** Takes the marks of chat templates out of a text. */
final class TurnMarks {

    private static final Pattern MARK = Pattern.compile(
            "<[|\uFF5C][^<>|\uFF5C]{1,40}[|\uFF5C]>|</?s>|<(?:end_of_turn|start_of_turn|eos|bos|pad)>|\\[(?:/?INST|EOS)]");

    private TurnMarks() {}

    static String removed(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('[') < 0) {
            return text;
        }
        return MARK.matcher(text).replaceAll(" ");
    }
}
