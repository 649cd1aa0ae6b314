package org.grpo4j.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts that tokenizers get wrong: every script, marks, white space, digits, contractions, special tokens spelled out. */
final class RandomTexts {

    private static final String[] PIECES = {
        "'s",
        "'S",
        "'re",
        "'LL",
        "'d",
        "'x",
        "  ",
        "   \t",
        "\r\n",
        "\n\n",
        "\n ",
        "\u00a0",
        "\u2028",
        "\u3000",
        "\u0085",
        "12",
        "34567",
        "\u0661\u0662",
        "\u00bd",
        "\u2167",
        "the",
        " The",
        " and",
        "ing",
        "\\frac{",
        "$x^2$",
        "...",
        "!!",
        "e\u0301",
        "\u00e9",
        "\u0323\u0307",
        "\u212b",
        "\uac00\u11a8",
        "\u1100\u1161",
        "\ufffd",
        "\u200d",
        "\ufe0f",
        "\ud83d\ude00",
        "\ud83d\udc68\u200d\ud83d\udc69",
        "\u6f22\u5b57",
        "\u0939\u093f",
        "\u0e01\u0e33",
        "\u05d0\u05b8",
        "<|im_end|>",
        "<|im_start|>",
        "<|endoftext|>",
        "<think>",
        "</think>",
        "<|eot_id|>",
        "<|begin_of_text|>",
        "<s>",
        "</s>",
        "<unk>",
        "<|im_end|",
        "<0x41>",
        "\u2581",
        "\u0120",
        "\0"
    };

    private static final String BORDERS = " \t\n\r'aAsSlL1. ";

    private static final int[][] RANGES = {
        {0x20, 0x7e},
        {0x20, 0x7e},
        {0x20, 0x7e},
        {0x00, 0x2ff},
        {0x300, 0x36f},
        {0x370, 0x6ff},
        {0x900, 0xdff},
        {0x1e00, 0x206f},
        {0x2100, 0x2bff},
        {0x4e00, 0x9fff},
        {0xac00, 0xd7a3},
        {0xe000, 0xffff},
        {0x10000, 0x1ffff},
        {0x1f300, 0x1faff},
        {0, 0x10ffff}
    };

    private RandomTexts() {}

    /** The same texts for the same seed on every machine; none holds a lone surrogate. */
    static List<String> of(long seed, int count) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int pieces = random.nextInt(24);
            for (int j = 0; j < pieces; j++) {
                piece(random, text);
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** Texts of characters that every version of Unicode treats alike. */
    static List<String> plain(long seed, int count) {
        String characters = PlainText.characters();
        List<String> texts = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int pieces = random.nextInt(40);
            for (int j = 0; j < pieces; j++) {
                String piece = PIECES[random.nextInt(PIECES.length)];
                boolean isPlain = PlainText.isPlain(piece);
                switch (random.nextInt(4)) {
                    case 0 -> text.append(characters.charAt(random.nextInt(characters.length())));
                    case 1 -> text.append((char) (' ' + random.nextInt(95)));
                    case 2 -> text.append(BORDERS.charAt(random.nextInt(BORDERS.length())));
                    default -> text.append(isPlain ? piece : "the");
                }
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static void piece(Random random, StringBuilder text) {
        if (random.nextInt(3) == 0) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
            return;
        }
        int[] range = RANGES[random.nextInt(RANGES.length)];
        int length = 1 + random.nextInt(6);
        for (int i = 0; i < length; i++) {
            int codePoint = range[0] + random.nextInt(range[1] - range[0] + 1);
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate ? 'a' : codePoint);
        }
    }
}
