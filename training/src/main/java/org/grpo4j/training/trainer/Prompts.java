package org.grpo4j.training.trainer;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.benchmark.Benchmarks;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.chat.ChatTemplate;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.config.DataSection;
import org.grpo4j.training.config.PromptTemplate;
import org.jspecify.annotations.Nullable;

/** Problems as prompts and demonstrations, by the templates of a data section. */
public final class Prompts {
    /**
     * What a chat template learns when it asks for today's date: always the day that Llama's own templates fall back to.
     * With the real one, a run would see other prompts after midnight, and could not be repeated.
     */
    public static final Clock CHAT_CLOCK = Clock.fixed(Instant.parse("2024-07-26T12:00:00Z"), ZoneOffset.UTC);

    private final Tokenizer tokenizer;
    private final DataSection data;
    private final String promptTemplate;
    private final String completionTemplate;
    private final @Nullable ChatTemplate chat;

    /**
     * Prompts for the model of a tokenizer.
     *
     * @throws InputException if chat is asked for and the tokenizer came without a chat template
     */
    public Prompts(Tokenizer tokenizer, DataSection data) {
        this.tokenizer = tokenizer;
        this.data = data;
        this.promptTemplate = PromptTemplate.text(data.promptTemplate());
        this.completionTemplate = data.completionTemplate();
        this.chat = data.chat() ? chatTemplate(tokenizer) : null;
    }

    private static ChatTemplate chatTemplate(Tokenizer tokenizer) {
        return ChatTemplate.of(tokenizer.files(), "the model", CHAT_CLOCK)
                .orElseThrow(() -> ChatTemplate.missing("The model"));
    }

    /** Loads the problems of a data section. */
    public static ProblemSet load(DataSection data) {
        ProblemColumns columns =
                new ProblemColumns(data.problemColumn(), data.answerColumn(), data.solutionColumn(), null);
        ProblemSet all = Benchmarks.load(data.path(), data.split(), columns);
        if (data.offset() >= all.size()) {
            throw new InputException(data.path() + " has " + all.size() + " problems, but offset skips the first "
                    + data.offset() + "; lower it.");
        }
        Integer limit = data.limit();
        int end = limit == null ? all.size() : (int) Math.min(all.size(), (long) data.offset() + limit);
        return data.offset() == 0 && end == all.size() ? all : all.rows(data.offset(), end);
    }

    /** The prompt's text, as rewards and people see it: without the turns of a chat template around it. */
    public String text(Problem problem) {
        return promptTemplate.replace("{problem}", problem.problem());
    }

    /**
     * The prompt's ids as the model sees them. A plain prompt begins with the start token if the tokenizer has one; a chat
     * template writes all special tokens itself, and ends where the assistant begins.
     */
    public int[] encode(Problem problem) {
        String text = text(problem);
        int[] ids = chat == null
                ? tokenizer.encode(text, true)
                : tokenizer.encode(
                        chat.prompt(text, Optional.ofNullable(data.systemPrompt()), data.chatOptions()), false);
        if (ids.length == 0) {
            throw new InputException("The prompt of problem " + problem.id()
                    + " has no tokens; give the problem a text or the prompt_template some words.");
        }
        return ids;
    }

    /**
     * The prompt with its demonstration, which ends with the end token.
     *
     * @throws InputException if the template asks for a solution that the problem does not have
     */
    public TokenExample demonstration(Problem problem) {
        @Nullable String solution = problem.solution();
        if (solution == null && completionTemplate.contains("{solution}")) {
            throw new InputException("Problem " + problem.id()
                    + " has no solution; set data.solution_column, or a completion_template that uses {answer} only.");
        }
        String text = completionTemplate.replace("{answer}", problem.answer());
        int[] ids = tokenizer.encode(solution == null ? text : text.replace("{solution}", solution), false);
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = tokenizer
                .eosId()
                .orElseThrow(() -> new InputException(
                        "The tokenizer has no end token, so a demonstration cannot end; set eos_token in"
                                + " tokenizer_config.json."));
        return new TokenExample(encode(problem), ended);
    }

    /** The demonstrations of a list of problems. */
    public List<TokenExample> demonstrations(List<Problem> problems) {
        return problems.stream().map(this::demonstration).toList();
    }
}
