package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.grpo4j.training.diagnosis.Diagnosis;

/** What the page's script draws, as JSON. */
final class PageData {

    /** Columns of the seconds by phase. */
    private static final int MOST_COLUMNS = 240;

    private PageData() {}

    /**
     * Curves of a series: of one run, or of several whose mean and range are drawn.
     *
     * @param name in the legend
     * @param runs at least one
     */
    record Series(String name, List<RunCurves> runs) {

        Curve curve(Chart chart) {
            List<Curve> curves = runs.stream().map(run -> run.curve(chart)).toList();
            return mean(curves);
        }

        /** Of phases that all runs have. */
        Map<String, Curve> seconds() {
            Map<String, Curve> mean = new LinkedHashMap<>();
            for (String phase : runs.get(0).seconds().keySet()) {
                List<Curve> curves = new ArrayList<>();
                runs.forEach(
                        run -> Optional.ofNullable(run.seconds().get(phase)).ifPresent(curves::add));
                if (curves.size() == runs.size()) {
                    mean.put(phase, mean(curves));
                }
            }
            return mean;
        }

        private static Curve mean(List<Curve> curves) {
            return curves.size() == 1 ? curves.get(0) : CurvePoints.over(curves);
        }
    }

    /**
     * Puts {@code series}, {@code charts} and {@code seconds}.
     *
     * @param after only points of charts after it; −1 for all
     */
    static void putCurves(ObjectNode data, List<Series> all, int after) {
        ArrayNode series = data.putArray("series");
        all.forEach(one -> series.addObject().put("name", one.name).put("runs", one.runs.size()));
        ArrayNode charts = data.putArray("charts");
        for (Chart chart : Chart.ALL) {
            List<Curve> curves = new ArrayList<>();
            for (Series one : all) {
                Curve curve = one.curve(chart).after(after);
                // Beside other series a band is one over seeds.
                curves.add(all.size() > 1 && one.runs.size() == 1 ? curve.withoutRange() : curve);
            }
            // A chart without a single value is left out.
            if (curves.stream().anyMatch(curve -> curve.size() > 0)) {
                ArrayNode drawn = charts.addObject()
                        .put("key", chart.metric().key())
                        .put("section", chart.section())
                        .put("title", chart.title())
                        .put("zero", chart.zero())
                        .put("log", chart.logarithmic())
                        .put("ranged", chart.low() != null)
                        .putArray("curves");
                curves.forEach(curve -> put(curve, drawn.addObject()));
            }
        }
        ArrayNode seconds = data.putArray("seconds");
        all.forEach(one -> putSeconds(one.seconds(), seconds.addObject()));
    }

    private static void put(Curve whole, ObjectNode node) {
        Curve curve = whole.thinned(Curve.MOST);
        node.put("every", curve.every());
        ArrayNode steps = node.putArray("x");
        for (int step : curve.steps()) {
            steps.add(step);
        }
        put(curve.values(), node.putArray("y"));
        boolean ranged = false;
        for (int i = 0; i < curve.size() && !ranged; i++) {
            ranged = curve.low()[i] < curve.high()[i];
        }
        if (ranged) {
            put(curve.low(), node.putArray("lo"));
            put(curve.high(), node.putArray("hi"));
        }
        int[] breaks = curve.breaks();
        if (breaks.length > 0) {
            Arrays.stream(breaks).forEach(node.putArray("breaks")::add);
        }
        if (whole.size() > 0) {
            node.put("first", rounded(whole.values()[0])).put("last", rounded(whole.values()[whole.size() - 1]));
        }
    }

    /** Mean seconds of every phase in columns of equally many steps; a phase that a step did not have took 0. */
    private static void putSeconds(Map<String, Curve> phases, ObjectNode node) {
        TreeSet<Integer> steps = new TreeSet<>();
        phases.values().forEach(curve -> {
            for (int step : curve.steps()) {
                steps.add(step);
            }
        });
        int first = steps.isEmpty() ? 0 : steps.first();
        int width = steps.isEmpty() ? 1 : (steps.last() - first) / MOST_COLUMNS + 1;
        int columns = steps.isEmpty() ? 0 : (steps.last() - first) / width + 1;
        int[] counts = new int[columns];
        steps.forEach(step -> counts[(step - first) / width]++);
        node.put("from", first).put("every", width).put("columns", columns);
        ObjectNode values = node.putObject("phases");
        phases.forEach((phase, curve) -> {
            double[] sums = new double[columns];
            for (int i = 0; i < curve.size(); i++) {
                int column = (curve.steps()[i] - first) / width;
                sums[column] += curve.values()[i] / counts[column];
            }
            put(sums, values.putArray(phase));
        });
    }

    static void putDiagnoses(ObjectNode data, List<Diagnosis> diagnoses) {
        ArrayNode told = data.putArray("diagnoses");
        for (Diagnosis diagnosis : diagnoses) {
            told.addObject()
                    .put("step", diagnosis.step())
                    .put("severity", diagnosis.symptom().severity().name().toLowerCase(Locale.ROOT))
                    .put("text", diagnosis.text());
        }
    }

    private static void put(double[] values, ArrayNode array) {
        for (double value : values) {
            array.add(rounded(value));
        }
    }

    /** Five digits, which a curve of a few hundred pixels cannot show and a person reads no further. */
    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4e", value));
    }
}
