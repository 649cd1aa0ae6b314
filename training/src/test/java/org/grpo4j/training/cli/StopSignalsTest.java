package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.StopRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

class StopSignalsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @BeforeEach
    void needsSignals() {
        assumeFalse(
                System.getProperty("os.name").startsWith("Windows"),
                "skipped: a Java process cannot be sent signals on Windows");
    }

    /** A shell that ends sends one, and the system another. */
    @Test
    void aClosedTerminalAsksTwiceAndEndsNothingAtOnce() throws InterruptedException {
        StopRequest stop = new StopRequest();
        StringWriter err = new StringWriter();
        try (StopSignals signals = new StopSignals(stop, new PrintWriter(err))) {
            Instant end = Instant.now().plus(PATIENCE);
            Signal.raise(new Signal("HUP"));
            while (!err.toString().contains("\n") && Instant.now().isBefore(end)) {
                Thread.sleep(5);
            }
            Signal.raise(new Signal("HUP"));
            Thread.sleep(200);
        }
        assertThat(stop.isRequested()).isTrue();
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aSignalAsksTheRunToStop() throws InterruptedException {
        StopRequest stop = new StopRequest();
        StringWriter err = new StringWriter();
        try (StopSignals signals = new StopSignals(stop, new PrintWriter(err))) {
            Signal.raise(new Signal("INT"));
            Instant end = Instant.now().plus(PATIENCE);
            while (!err.toString().contains("\n") && Instant.now().isBefore(end)) {
                Thread.sleep(5);
            }
        }
        assertThat(stop.isRequested()).isTrue();
        assertThat(err.toString()).contains("stopping after the present step");
    }

    @Test
    void onlyOneProcessRunsInAFolder() throws IOException {
        try (RunLock lock = RunLock.take(folder)) {
            assertThatThrownBy(() -> RunLock.take(folder))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("A run is going on in " + folder);
        }
        RunLock.take(folder).close();
    }

    @Test
    void aTerminatedRunWritesACheckpointSaysHowToGoOnAndEndsWell() throws IOException, InterruptedException {
        Path config = TinyRun.trainFile(folder);
        Path run = folder.resolve("run");
        Process process = start("train", "--config", config.toString(), "--set", "training.steps=1000000");
        try {
            awaitSteps(run.resolve("metrics.jsonl"), process);
            process.destroy();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String out = Files.readString(folder.resolve("out.txt"));
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("err.txt")))
                .isZero();
        ResumePoint point = ResumePoint.find(run, line -> {
            throw new AssertionError(line);
        });
        assertThat(out)
                .contains("train: stopped after " + point.step() + " of 1000000 steps")
                .contains("go on with: ./grpo4j train --config " + run.resolve("config.yaml") + " --resume " + run
                        + "\n");
        assertThat(MetricsReader.read(run.resolve("metrics.jsonl"))).hasSize(point.step());
        int steps = point.step() + 1;
        Cli resumed = Cli.run(
                "train",
                "--config",
                run.resolve("config.yaml"),
                "--resume",
                run,
                "--quiet",
                "--set",
                "training.steps=" + steps);
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(MetricsReader.read(run.resolve("metrics.jsonl")))
                .hasSize(steps)
                .extracting(StepMetrics::step)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add") || flag.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
    }

    private static void awaitSteps(Path metrics, Process process) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            if (Files.exists(metrics) && Files.readAllLines(metrics).size() >= 2) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the run took no steps");
    }
}
