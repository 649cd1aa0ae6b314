package org.grpo4j.training.fuzz;

import java.util.List;
import java.util.Random;

/** Values at the edges of what a format can say, where loaders overflow, allocate or leave their folder. */
final class Extremes {

    /** As they are written in JSON; those after the last valid one are none. */
    private static final List<String> NUMERALS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "2",
            "3",
            "7",
            "1024",
            "65536",
            "1000001",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967295",
            "4294967296",
            "4611686018427387904",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551615",
            "123456789012345678901234567890",
            "0.5",
            "-0.0",
            "1e-320",
            "1e308",
            "1e309",
            "1e999999999",
            "-1e400",
            "0.1e-999999999",
            "1.0",
            "NaN",
            "Infinity",
            "-Infinity",
            "01",
            "0x10",
            "1_000",
            "+1",
            ".5",
            "1.");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "none",
            "null",
            "true",
            "1",
            "\u0000",
            "a\nb",
            "\u001b[31mred",
            "\ud800",
            "\ud83d\ude00",
            "\u202e",
            "e\u0301",
            ".",
            "..",
            "../outside.safetensors",
            "../outside.arrow",
            "../outside",
            "folder/../../outside.safetensors",
            "/etc/hostname",
            "/dev/zero",
            "..\\outside.safetensors",
            "file:///etc/hostname",
            "C:outside",
            "~/outside",
            "model.safetensors/",
            "./model.safetensors",
            "(a+)+$",
            "(.*a){40}",
            "(",
            "[",
            "\\p{",
            "%s%n",
            "${jndi:x}",
            "{{ x }}",
            "F32",
            "BF16",
            "I64",
            "F8_E4M3",
            "BPE",
            "Unigram",
            "WordPiece",
            "WordLevel",
            "Sequence",
            "ByteLevel",
            "default",
            "llama3",
            "qwen2");

    private Extremes() {}

    static String numeral(Random random) {
        return NUMERALS.get(random.nextInt(NUMERALS.size()));
    }

    static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** For a field of four or eight bytes: powers of two and their neighbours, and numbers about the size of the file. */
    static long integer(Random random, long fileBytes) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(5) - 2;
            case 1 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
            case 2 -> fileBytes + random.nextInt(33) - 16;
            case 3 -> random.nextInt(1 << (1 + random.nextInt(30)));
            case 4 -> random.nextLong();
            default -> -(1L << random.nextInt(63));
        };
    }

    /** Mostly small, now and then large enough that a loader which is careless with copies shows it. */
    static int size(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> 200_000;
            case 1, 2 -> 20_000;
            case 3, 4, 5 -> 1_500;
            default -> 1 + random.nextInt(100);
        };
    }
}
