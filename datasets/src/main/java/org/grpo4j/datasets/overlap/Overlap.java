package org.grpo4j.datasets.overlap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemReader;
import org.grpo4j.datasets.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * What two data sets have in common.
 *
 * @param first counts of the first set
 * @param second counts of the second set
 * @param config what counted as near
 * @param examples some pairs, exact ones first
 */
public record Overlap(Side first, Side second, OverlapConfig config, List<Pair> examples) {

    private static final int BATCH = 1000;

    public Overlap {
        examples = List.copyOf(examples);
    }

    /**
     * One of the sets.
     *
     * @param source path of its data
     * @param rows its problems
     * @param exact problems whose text is also in the other set
     * @param near problems of which the other set has no copy, but one that is near
     */
    public record Side(String source, long rows, long exact, long near) {

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("source", source);
            map.put("rows", rows);
            map.put("exact", exact);
            map.put("near", near);
            return map;
        }
    }

    /**
     * Two problems that are the same or near.
     *
     * @param first of the first set
     * @param second of the second set
     * @param containment share of the shorter one's n-grams that the other holds; 1 for the same text
     * @param exact whether the texts are the same after normalisation
     */
    public record Pair(Problem first, Problem second, double containment, boolean exact) {

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("exact", exact);
            map.put("containment", containment);
            map.put("first", Map.of("id", first.id(), "problem", first.problem()));
            map.put("second", Map.of("id", second.id(), "problem", second.problem()));
            return map;
        }
    }

    /**
     * Compares two data sets. The one with fewer rows is held in memory, the other is read by batches.
     *
     * @throws org.grpo4j.datasets.DatasetException when one of them cannot be read as problems
     */
    public static Overlap of(Table first, Table second, ProblemColumns columns, OverlapConfig config) {
        boolean swapped = first.rowCount() > second.rowCount();
        Search search = new Search(swapped ? second : first, columns, config);
        search.scan(swapped ? first : second, columns);
        Side held = search.heldSide();
        Side scanned = search.scannedSide();
        return swapped
                ? new Overlap(scanned, held, config, search.pairs(true))
                : new Overlap(held, scanned, config, search.pairs(false));
    }

    /** All of it as one JSON object. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("first", first.toMap());
        map.put("second", second.toMap());
        map.put("ngram", config.ngram());
        map.put("threshold", config.threshold());
        map.put("examples", examples.stream().map(Pair::toMap).toList());
        return map;
    }

    /** One comparison as it goes on. */
    private static final class Search {
        private final OverlapConfig config;
        private final ProblemIndex index;
        private final List<Problem> held = new ArrayList<>();
        private final List<Integer> firstCopies = new ArrayList<>();
        private final String heldSource;
        private final BitSet exactHeld = new BitSet();
        private final BitSet nearHeld = new BitSet();
        private final List<Pair> exactPairs = new ArrayList<>();
        private final List<Pair> nearPairs = new ArrayList<>();
        private String scannedSource = "";
        private long scanned;
        private long exact;
        private long near;

        Search(Table table, ProblemColumns columns, OverlapConfig config) {
            this.config = config;
            this.index = new ProblemIndex(config.ngram());
            this.heldSource = table.path().toString();
            try (ProblemReader reader = new ProblemReader(table, columns)) {
                for (Problem next = reader.next(); next != null; next = reader.next()) {
                    held.add(new Problem(next.id(), next.problem(), next.answers(), null));
                    firstCopies.add(index.add(ProblemText.of(next.problem())));
                }
            }
        }

        void scan(Table table, ProblemColumns columns) {
            scannedSource = table.path().toString();
            try (ProblemReader reader = new ProblemReader(table, columns)) {
                for (List<Problem> batch = reader.nextBatch(BATCH); !batch.isEmpty(); batch = reader.nextBatch(BATCH)) {
                    batch.forEach(this::look);
                }
            }
        }

        private void look(Problem problem) {
            scanned++;
            ProblemText text = ProblemText.of(problem.problem());
            Integer copy = index.exact(text);
            if (copy != null) {
                exact++;
                exactHeld.set(copy);
                keep(exactPairs, new Pair(held.get(copy), problem, 1, true));
                return;
            }
            List<ProblemIndex.Near> found = index.near(text, config.threshold());
            if (!found.isEmpty()) {
                near++;
                found.forEach(one -> nearHeld.set(one.problem()));
                ProblemIndex.Near nearest = found.get(0);
                keep(nearPairs, new Pair(held.get(nearest.problem()), problem, nearest.containment(), false));
            }
        }

        private void keep(List<Pair> pairs, Pair pair) {
            if (pairs.size() < config.examples()) {
                pairs.add(pair);
            }
        }

        Side heldSide() {
            long copies = firstCopies.stream().filter(exactHeld::get).count();
            long onlyNear = IntStream.range(0, held.size())
                    .filter(i -> nearHeld.get(i) && !exactHeld.get(firstCopies.get(i)))
                    .count();
            return new Side(heldSource, held.size(), copies, onlyNear);
        }

        Side scannedSide() {
            return new Side(scannedSource, scanned, exact, near);
        }

        List<Pair> pairs(boolean swapped) {
            List<Pair> pairs = new ArrayList<>(exactPairs);
            pairs.addAll(nearPairs);
            return swapped
                    ? pairs.stream()
                            .map(pair -> new Pair(pair.second(), pair.first(), pair.containment(), pair.exact()))
                            .toList()
                    : pairs;
        }
    }
}
