package org.grpo4j.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Problems to train or evaluate on.
 *
 * @param path a dataset folder or file (Arrow, JSONL, Parquet), or benchmark:NAME for a known one
 * @param split split of a dataset folder; null takes the only one
 * @param problemColumn column of the problem text; null finds it by its usual names
 * @param answerColumn column of the gold answer; null finds it by its usual names
 * @param solutionColumn column of the worked solution, used by {@code sft} only
 * @param promptTemplate the prompt: a text in which {@code {problem}} stands for the problem, or the name of a
 *     {@link PromptTemplate}
 * @param chat whether the prompt becomes the user turn of the model's own chat template
 * @param systemPrompt system turn before it; null for none, in which case some templates put one of their own
 * @param chatOptions further variables of the chat template, such as {@code enable_thinking}
 * @param completionTemplate the demonstration, with {@code {solution}} and {@code {answer}}; used by {@code sft} only
 * @param offset rows to skip from the start
 * @param limit rows to use at most; null uses all
 */
public record DataSection(
        Path path,
        @Nullable String split,
        @Nullable String problemColumn,
        @Nullable String answerColumn,
        @Nullable String solutionColumn,
        @Default("plain") String promptTemplate,
        @Default("false") boolean chat,
        @Nullable String systemPrompt,
        @Default("{}") Map<String, JsonNode> chatOptions,
        @Default("'{solution}'") String completionTemplate,
        @Default("0") int offset,
        @Nullable Integer limit) {
    public DataSection {
        PromptTemplate.text(promptTemplate);
        chatOptions = Collections.unmodifiableMap(new LinkedHashMap<>(chatOptions));
        boolean chatTurns =
                PromptTemplate.named(promptTemplate).map(PromptTemplate::isChat).orElse(false);
        Require.that(
                !chat || !chatTurns,
                "prompt_template " + promptTemplate
                        + " has chat turns of its own; leave chat off, or take boxed with it");
        Require.that(
                chat || (systemPrompt == null && chatOptions.isEmpty()),
                "system_prompt and chat_options need chat: true");
        Require.atLeast("offset", offset, 0);
        if (limit != null) {
            Require.atLeast("limit", limit, 1);
        }
    }
}
