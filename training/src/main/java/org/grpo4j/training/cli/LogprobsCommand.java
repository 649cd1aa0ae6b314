package org.grpo4j.training.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.grpo4j.models.decoder.SequenceScorer;
import org.grpo4j.models.decoder.SequenceScorer.Logits;
import org.grpo4j.models.decoder.SequenceScorer.Scores;
import org.grpo4j.models.decoder.TokenRows;
import org.grpo4j.models.weights.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j logprobs}. */
@Command(
        name = "logprobs",
        description = "Log-probabilities of given token ids under a model; needs no tokenizer.",
        footer = {
            "",
            "Reads {\"ids\":[…]} lines and writes one line each: {\"logprobs\":[null,…],\"logits\":…}. Entry t is"
                    + " log p(ids[t] given the ids before it); nothing precedes the first."
        })
final class LogprobsCommand implements Callable<Integer> {

    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A checkpoint folder, or the folder of a run.")
    private Path model;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the field ids; - is standard input.")
    private Path input;

    @Option(
            names = "--logits",
            defaultValue = "none",
            paramLabel = "last|all",
            description = "Also write the logits of the last position, [vocabulary], or of all of them,"
                    + " [positions][vocabulary].")
    private Logits logits;

    @Mixin
    private LoadOptions loading;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        try (Checkpoint checkpoint = loading.checkpoint(ModelFolder.of(model));
                SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
            int vocabulary = checkpoint.config().vocabularySize();
            output.write(out -> JsonLines.forEach(input, line -> {
                int[] ids = ids(line, vocabulary);
                write(scorer.score(ids, logits), line, out);
            }));
        }
        return 0;
    }

    private static int[] ids(JsonLine line, int vocabulary) {
        int[] ids = line.ints("ids");
        if (ids.length == 0) {
            throw line.error("\"ids\" is empty; a sequence needs at least one token");
        }
        TokenRows.requireInVocabulary(ids, vocabulary, line.source() + ":" + line.number());
        return ids;
    }

    private void write(Scores scores, JsonLine line, Writer out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("logprobs");
            json.writeNull();
            for (int t = 1; t < scores.logProbs().length; t++) {
                number(scores.logProbs()[t], line, json);
            }
            json.writeEndArray();
            if (logits == Logits.LAST) {
                json.writeFieldName("logits");
                numbers(scores.logits()[0], line, json);
            } else if (logits == Logits.ALL) {
                json.writeArrayFieldStart("logits");
                for (double[] position : scores.logits()) {
                    numbers(position, line, json);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void numbers(double[] values, JsonLine line, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (double value : values) {
            number(value, line, json);
        }
        json.writeEndArray();
    }

    /** As the float it was computed as: a double would only add digits that mean nothing. */
    private static void number(double value, JsonLine line, JsonGenerator json) throws IOException {
        if (!Double.isFinite(value)) {
            throw new IllegalStateException(line.source() + ":" + line.number() + ": the model gives " + value
                    + "; its weights are damaged or too large for single precision");
        }
        json.writeNumber((float) value);
    }
}
