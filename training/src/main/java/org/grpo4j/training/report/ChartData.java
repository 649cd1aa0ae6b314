package org.grpo4j.training.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** What the page's script draws, as JSON that may stand inside a script element. */
final class ChartData {

    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        JSON.getFactory().enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
        JSON.getFactory().setCharacterEscapes(new ScriptEscapes());
    }

    private ChartData() {}

    static String of(List<RunSeries> runs) {
        ObjectNode data = JSON.createObjectNode();
        ArrayNode names = data.putArray("runs");
        runs.forEach(run -> names.add(run.name()));
        ArrayNode charts = data.putArray("charts");
        for (Chart chart : Chart.ALL) {
            add(chart, runs, charts);
        }
        ArrayNode seconds = data.putArray("seconds");
        runs.forEach(run -> {
            ObjectNode phases = seconds.addObject();
            meanSeconds(run.steps()).forEach(phases::put);
        });
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the curves could not be written as JSON", e);
        }
    }

    /** A chart without a single value is left out. */
    private static void add(Chart chart, List<RunSeries> runs, ArrayNode charts) {
        boolean measured = runs.stream()
                .flatMap(run -> run.steps().stream())
                .anyMatch(step -> step.value(chart.metric()).isPresent());
        if (!measured) {
            return;
        }
        ObjectNode node = charts.addObject()
                .put("title", chart.title())
                .put("zero", chart.zero())
                .put("log", chart.logarithmic());
        ArrayNode curves = node.putArray("curves");
        for (RunSeries run : runs) {
            ArrayNode curve = curves.addArray();
            for (StepMetrics step : run.steps()) {
                OptionalDouble value = step.value(chart.metric());
                if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
                    curve.addArray().add(step.step()).add(value.getAsDouble());
                }
            }
        }
    }

    /** Seconds of each phase in an average step. */
    static Map<String, Double> meanSeconds(List<StepMetrics> steps) {
        long timed = steps.stream().filter(step -> !step.seconds().isEmpty()).count();
        Map<String, Double> mean = new LinkedHashMap<>();
        for (StepMetrics step : steps) {
            step.seconds().forEach((phase, seconds) -> mean.merge(phase, seconds / timed, Double::sum));
        }
        return mean;
    }

    /** Escapes what could end the script element or start a comment in it. */
    private static final class ScriptEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
            codes['<'] = CharacterEscapes.ESCAPE_STANDARD;
            codes['>'] = CharacterEscapes.ESCAPE_STANDARD;
            codes['&'] = CharacterEscapes.ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return null;
        }
    }
}
