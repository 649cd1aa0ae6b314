package org.grpo4j.training.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Changes of text in lines: lines dropped, doubled, moved and shifted, words and values replaced. */
final class TextMutator {

    /** What YAML understands and configurations do not expect. */
    private static final List<String> YAML = List.of(
            "&a [*a]",
            "*a",
            "&a x",
            "!!java.net.URL [\"http://localhost\"]",
            "!!binary aGVsbG8=",
            "!!float abc",
            "!!int x",
            "!!timestamp 2001-01-01",
            ".nan",
            ".inf",
            "-.inf",
            "0o17",
            "0x7fffffffffffffffff",
            "1_000",
            "1:30:00",
            "0b1111",
            "~",
            "|",
            ">",
            "[a, b",
            "{a: 1",
            "'unclosed",
            "\"\\x\"",
            "? a",
            "- x",
            "<<: {a: 1}",
            "%YAML 9.9",
            "---",
            "...",
            "\t",
            "# x",
            "{a: &x [1, *x], b: *x}",
            "yes",
            "2001-13-45",
            "\u0085",
            "\ufeff",
            "@x",
            "`x`");

    private TextMutator() {}

    static byte[] mutate(byte[] text, Random random) {
        if (random.nextInt(6) == 0) {
            return ByteMutator.mutate(text, random);
        }
        List<String> lines =
                new ArrayList<>(new String(text, StandardCharsets.UTF_8).lines().toList());
        for (int i = 1 + random.nextInt(3); i > 0 && !lines.isEmpty(); i--) {
            change(lines, random);
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n")).getBytes(StandardCharsets.UTF_8);
    }

    private static void change(List<String> lines, Random random) {
        int at = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(10)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(other));
            case 2 -> lines.set(at, lines.set(other, line));
            case 3 -> lines.set(at, " ".repeat(random.nextInt(6)) + line.stripLeading());
            case 4 -> lines.set(at, line + value(random));
            case 5 -> lines.add(at, value(random));
            case 6 -> lines.set(at, replaceWord(line, random));
            default -> lines.set(at, replaceValue(line, random));
        }
    }

    /** What follows the colon; the usual attack, because everything around it stays as it should be. */
    private static String replaceValue(String line, Random random) {
        int colon = line.indexOf(": ");
        return (colon < 0 ? line.substring(0, line.length() / 2) : line.substring(0, colon + 2)) + value(random);
    }

    private static String replaceWord(String line, Random random) {
        String[] words = line.split(" ", -1);
        words[random.nextInt(words.length)] = value(random);
        return String.join(" ", words);
    }

    private static String value(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> YAML.get(random.nextInt(YAML.size()));
            case 2 -> Extremes.text(random);
            case 3 -> "y".repeat(Extremes.size(random));
            case 4 -> (random.nextBoolean() ? "[" : "{a: ").repeat(Math.min(5_000, Extremes.size(random)));
            default -> Extremes.numeral(random);
        };
    }
}
