package org.grpo4j.datasets;

/**
 * Where a set of problems came from, kept with everything trained on it.
 *
 * @param source path or name of the data, with a row range when it is a part
 * @param rows number of problems
 * @param sha256 hash of the problems' texts, answers and solutions in order, so it does not depend on container, shards
 *     or column names
 */
public record Provenance(String source, long rows, String sha256) {}
