package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.kernel.PackedWeights;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.Buckets;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.decoder.TokenRows;
import org.jspecify.annotations.Nullable;

/**
 * Samples completions for many prompts at once. A fixed number of rows decodes together; a row whose completion ends
 * takes the next request at once, and when none is left the rest moves together and is decoded by smaller plans.
 * Neighbouring requests with the same prompt share one prefill. The parameters are read
 * in place, so a generator always samples from the present policy. One thread at a time.
 */
public final class Generator implements AutoCloseable {
    private static final int MAX_PREFILL_TOKENS = 2048;

    private final DecoderModel model;
    private final DecoderConfig config;
    private final int rows;
    private final @Nullable Team team;
    private final @Nullable PackedWeights packed;
    private @Nullable Prefill prefill;
    private @Nullable Decode decode;

    /** Hears of tokens as they are sampled. */
    @FunctionalInterface
    public interface TokenListener {
        /** Called once a token, in order within a request. */
        void onToken(int request, int token);

        /** Called after the last token of a request. */
        default void onCompletion(int request) {}

        /** A listener that cares about whole completions only. */
        static TokenListener ofCompletions(IntConsumer requests) {
            return new TokenListener() {
                @Override
                public void onToken(int request, int token) {}

                @Override
                public void onCompletion(int request) {
                    requests.accept(request);
                }
            };
        }
    }

    /** A generator over a policy that works on the calling thread alone. */
    public Generator(DecoderModel model, int rows) {
        this(model, rows, null, null);
    }

    /**
     * A generator over a policy.
     *
     * @param rows completions decoded together at most
     * @param team whose threads share the work of every step, or null for the calling thread alone; stays the caller's
     * @param packed copies of the weights, which the caller refreshes when the parameters have changed; null to read the
     *     parameters themselves, which is slower
     */
    public Generator(DecoderModel model, int rows, @Nullable Team team, @Nullable PackedWeights packed) {
        if (rows < 1) {
            throw new IllegalArgumentException("rows is " + rows + "; it must be positive");
        }
        this.model = model;
        this.config = model.config();
        this.rows = rows;
        this.team = team;
        this.packed = packed;
    }

    /**
     * Sizes of the plans, which have grown with the requests so far. Numbers are rounded differently in plans of other
     * sizes, so a generator that shall go on with the same bits as another one needs the same sizes.
     *
     * @param decodeRows rows that decode together; 0 before the first request, like the others
     * @param capacity tokens of a row
     * @param prefillRows prompts run together
     * @param prefillTime tokens of a prompt
     */
    public record Sizes(int decodeRows, int capacity, int prefillRows, int prefillTime) {}

    /** The present sizes. */
    public Sizes sizes() {
        return new Sizes(
                decode == null ? 0 : decode.rows(),
                decode == null ? 0 : decode.capacity(),
                prefill == null ? 0 : prefill.rows(),
                prefill == null ? 0 : prefill.time());
    }

    /** Takes the sizes that another generator of this model had. */
    public void resize(Sizes sizes) {
        close();
        if (sizes.decodeRows() > 0) {
            decode = new Decode(model, sizes.decodeRows(), sizes.capacity(), team, packed);
        }
        if (sizes.prefillRows() > 0) {
            prefill = new Prefill(model, sizes.prefillRows(), sizes.prefillTime(), team);
        }
    }

    /** {@link #generate(List, SamplingConfig, TokenListener)} without a listener. */
    public List<Completion> generate(List<CompletionRequest> requests, SamplingConfig sampling) {
        return generate(requests, sampling, (request, token) -> {});
    }

    /**
     * Completes every request.
     *
     * @return completions in the order of the requests
     * @throws InputException if a prompt has an id beyond the vocabulary or leaves no room for a new token
     */
    public List<Completion> generate(
            List<CompletionRequest> requests, SamplingConfig sampling, TokenListener listener) {
        if (requests.isEmpty()) {
            return List.of();
        }
        return new Run(requests, sampling, listener).complete();
    }

    @Override
    public void close() {
        if (prefill != null) {
            prefill.close();
        }
        if (decode != null) {
            decode.close();
        }
        prefill = null;
        decode = null;
    }

    private Decode decodeFor(int rowsNeeded, int length) {
        int wantedRows = Math.min(rows, rowsNeeded);
        if (decode == null || decode.capacity() < length || decode.rows() < wantedRows) {
            if (decode != null) {
                decode.close();
            }
            decode = new Decode(model, wantedRows, Buckets.of(length), team, packed);
        }
        return decode;
    }

    private Prefill prefillFor(int promptsNeeded, int length) {
        int time = Buckets.of(length);
        int wantedRows = Math.max(1, Math.min(Math.min(rows, promptsNeeded), MAX_PREFILL_TOKENS / time));
        if (prefill == null || prefill.time() < length || prefill.rows() < wantedRows) {
            if (prefill != null) {
                prefill.close();
            }
            prefill = new Prefill(model, wantedRows, time, team);
        }
        return prefill;
    }

    /** What a row is working on. */
    private static final class Slot {
        final int request;
        final SplittableRandom random;
        final int limit;
        final int[] tokens;
        final float[] logProbs;
        int length;

        Slot(int request, long seed, int limit) {
            this.request = request;
            this.random = new SplittableRandom(seed);
            this.limit = limit;
            this.tokens = new int[limit];
            this.logProbs = new float[limit];
        }
    }

    /** Chooses tokens on one thread. */
    private final class Chooser {
        final float[] logits = new float[config.vocabularySize()];
        private final TokenChoice choice;

        Chooser(SamplingConfig sampling) {
            this.choice = new TokenChoice(sampling, config.vocabularySize());
        }

        /** Appends the next token of a slot from the logits read last. */
        void choose(Slot slot) {
            slot.tokens[slot.length] = choice.choose(logits, slot.random);
            slot.logProbs[slot.length] = (float) choice.logProb();
            slot.length++;
        }
    }

    /** One call of {@link #generate}. */
    private final class Run {
        private final List<CompletionRequest> requests;
        private final SamplingConfig sampling;
        private final TokenListener listener;
        private final Chooser[] choosers;
        private final Completion[] done;
        private final Decode decoder;
        private final Prefill prompts;
        private final @Nullable Slot[] slots;
        private final boolean[] active;
        private int next;
        private int prefilledUpTo;
        /** Row of the prefill batch that holds the prompt of each request from {@code next} on. */
        private final int[] promptRow;

        Run(List<CompletionRequest> requests, SamplingConfig sampling, TokenListener listener) {
            this.requests = requests;
            this.sampling = sampling;
            this.listener = listener;
            this.done = new Completion[requests.size()];
            this.promptRow = new int[requests.size()];
            int longest = 0;
            int prompts = 0;
            for (int i = 0; i < requests.size(); i++) {
                int[] prompt = requests.get(i).prompt();
                TokenRows.requireInVocabulary(prompt, config.vocabularySize(), "prompt");
                requireRoom(prompt);
                longest = Math.max(longest, prompt.length);
                prompts += samePromptAsBefore(i) ? 0 : 1;
            }
            int room = Math.min(longest + sampling.maxNewTokens(), config.maxPositionEmbeddings());
            this.decoder = decodeFor(requests.size(), room);
            this.prompts = prefillFor(prompts, longest);
            this.slots = new Slot[decoder.rows()];
            this.active = new boolean[decoder.rows()];
            this.choosers = new Chooser[team == null ? 1 : team.size()];
            Arrays.setAll(choosers, i -> new Chooser(sampling));
        }

        private void requireRoom(int[] prompt) {
            if (prompt.length >= config.maxPositionEmbeddings()) {
                throw new InputException("A prompt has " + prompt.length + " tokens but the model ends at "
                        + config.maxPositionEmbeddings() + " positions; shorten the prompt.");
            }
        }

        List<Completion> complete() {
            while (fill()) {
                int inUse = rowsInUse();
                decoder.step(active, inUse);
                choose(inUse);
                for (int row = 0; row < inUse; row++) {
                    Slot slot = slots[row];
                    if (slot != null) {
                        advance(row, slot);
                    }
                }
            }
            return Arrays.asList(done);
        }

        /** Chooses the next tokens of all active rows; the rows are spread over the team. */
        private void choose(int inUse) {
            if (team == null || inUse == 1) {
                chooseEvery(1, 0, inUse);
            } else {
                team.run(part -> chooseEvery(choosers.length, part, inUse));
            }
        }

        private void chooseEvery(int stride, int first, int inUse) {
            Chooser chooser = choosers[first];
            for (int row = first; row < inUse; row += stride) {
                Slot slot = slots[row];
                if (slot != null) {
                    decoder.readLogits(row, chooser.logits);
                    chooser.choose(slot);
                }
            }
        }

        /**
         * Rows up to the last active one. When no request is left to fill gaps, rows move into them if a smaller plan
         * then does.
         */
        private int rowsInUse() {
            int last = active.length;
            int count = 0;
            for (boolean isActive : active) {
                count += isActive ? 1 : 0;
            }
            while (!active[last - 1]) {
                last--;
            }
            if (next < requests.size() || decoder.planRows(count) == decoder.planRows(last)) {
                return last;
            }
            int gap = 0;
            for (int row = count; row < last; row++) {
                if (active[row]) {
                    while (active[gap]) {
                        gap++;
                    }
                    move(row, gap);
                }
            }
            return count;
        }

        private void move(int from, int to) {
            decoder.move(from, to);
            slots[to] = slots[from];
            slots[from] = null;
            active[to] = true;
            active[from] = false;
        }

        /** Gives free rows the next requests; false when nothing is left to do. */
        private boolean fill() {
            boolean any = false;
            for (int row = 0; row < active.length; row++) {
                while (slots[row] == null && next < requests.size()) {
                    start(row);
                }
                any |= slots[row] != null;
            }
            return any;
        }

        private void start(int row) {
            if (next == prefilledUpTo) {
                prefillNext();
            }
            CompletionRequest request = requests.get(next);
            int length = request.prompt().length;
            int limit = Math.min(sampling.maxNewTokens(), config.maxPositionEmbeddings() - length);
            Slot slot = new Slot(next, request.seed(), limit);
            decoder.start(row, prompts, promptRow[next], length);
            prompts.readLogits(promptRow[next], choosers[0].logits);
            choosers[0].choose(slot);
            slots[row] = slot;
            active[row] = true;
            next++;
            advance(row, slot);
        }

        /** Prefills as many of the coming prompts as fit, each once. */
        private void prefillNext() {
            List<int[]> batch = new ArrayList<>();
            int i = next;
            while (i < requests.size()) {
                if (i == next || !samePromptAsBefore(i)) {
                    if (batch.size() == prompts.rows()) {
                        break;
                    }
                    batch.add(requests.get(i).prompt());
                }
                promptRow[i] = batch.size() - 1;
                i++;
            }
            prompts.run(batch);
            prefilledUpTo = i;
        }

        /** Goes on with the token that was chosen for a row. */
        private void advance(int row, Slot slot) {
            int token = slot.tokens[slot.length - 1];
            listener.onToken(slot.request, token);
            boolean stopped = sampling.stopIds().contains(token);
            if (stopped || slot.length == slot.limit) {
                done[slot.request] = new Completion(
                        Arrays.copyOf(slot.tokens, slot.length), Arrays.copyOf(slot.logProbs, slot.length), stopped);
                slots[row] = null;
                active[row] = false;
                listener.onCompletion(slot.request);
            } else {
                decoder.setToken(row, token);
            }
        }

        private boolean samePromptAsBefore(int i) {
            return i > 0
                    && Arrays.equals(
                            requests.get(i).prompt(), requests.get(i - 1).prompt());
        }
    }
}
