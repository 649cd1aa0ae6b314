package org.grpo4j.training.metrics;

/** Shows nothing. */
final class QuietProgress implements Progress {

    private final PhaseProgress phases = new PhaseProgress();

    @Override
    public PhaseProgress phases() {
        return phases;
    }

    @Override
    public void step(StepMetrics metrics) {}

    @Override
    public void note(String line) {}

    @Override
    public void close() {}
}
