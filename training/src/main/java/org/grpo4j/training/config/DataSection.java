package org.grpo4j.training.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Problems to train or evaluate on.
 *
 * @param path a dataset folder or file (Arrow, JSONL, Parquet), or benchmark:NAME for a known one
 * @param split split of a dataset folder; null takes the only one
 * @param problemColumn column of the problem text; null finds it by its usual names
 * @param answerColumn column of the gold answer; null finds it by its usual names
 * @param solutionColumn column of the worked solution, used by {@code sft} only
 * @param promptTemplate the prompt, with {@code {problem}} standing for the problem text
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
        @Default("'{problem}'") String promptTemplate,
        @Default("'{solution}'") String completionTemplate,
        @Default("0") int offset,
        @Nullable Integer limit) {
    public DataSection {
        Require.that(
                promptTemplate.contains("{problem}"),
                "prompt_template must contain {problem}, found '" + promptTemplate + "'");
        Require.atLeast("offset", offset, 0);
        if (limit != null) {
            Require.atLeast("limit", limit, 1);
        }
    }
}
