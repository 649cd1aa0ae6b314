package org.grpo4j.training.metrics;

/** Shows nothing. */
final class QuietProgress implements Progress {

    @Override
    public void step(StepMetrics metrics) {}

    @Override
    public void note(String line) {}

    @Override
    public void close() {}
}
