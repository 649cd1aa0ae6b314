package org.grpo4j.training.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.models.chat.ChatTemplate;
import org.grpo4j.models.tokenizer.Tokenizer;

/**
 * How a model folder turns text into ids.
 *
 * @param tokens of its tokenizer; 0 if it has none
 * @param chats whether it has a chat template
 */
record ModelWords(int tokens, boolean chats) {

    static ModelWords of(Path folder) {
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            return new ModelWords(0, false);
        }
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            return new ModelWords(
                    tokenizer.vocabularySize(), ChatTemplate.load(folder).isPresent());
        }
    }
}
