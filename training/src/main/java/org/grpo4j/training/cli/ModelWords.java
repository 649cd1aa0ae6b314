package org.grpo4j.training.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.grpo4j.models.chat.ChatTemplate;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.trainer.Policy;

/**
 * How a model folder turns text into ids.
 *
 * @param tokens of its tokenizer; 0 if it has none
 * @param chats whether it has a chat template
 */
record ModelWords(int tokens, boolean chats) {

    static ModelWords of(Path folder, DecoderConfig config) {
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            return new ModelWords(0, false);
        }
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            Policy.requireSameVocabulary(tokenizer, config, folder.toString());
            return new ModelWords(tokenizer.vocabularySize(), canChat(folder));
        }
    }

    /** Renders a short conversation, so that a template that we cannot render is found here and not in a run. */
    private static boolean canChat(Path folder) {
        Optional<ChatTemplate> template = ChatTemplate.load(folder);
        template.ifPresent(found -> found.prompt("1 + 1?", Optional.empty(), Map.of()));
        return template.isPresent();
    }
}
