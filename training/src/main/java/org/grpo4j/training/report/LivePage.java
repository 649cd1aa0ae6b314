package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutFiles;

/**
 * The page of a run that is going on. The run adds what it tells and never waits: whoever reads sorts it in. Readers may be
 * several threads.
 */
public final class LivePage {

    /** Where a run is. */
    public enum State {
        RUNNING,
        ENDED,
        FAILED
    }

    private final String title;
    private final String name;
    private final Map<String, String> settings;
    private final RolloutFiles rollouts;
    private final RunPace pace;
    private final Queue<Object> told = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final RunCurves curves;
    private final List<Diagnosis> diagnoses;
    private volatile State state = State.RUNNING;

    /**
     * A page of a run.
     *
     * @param title of the page
     * @param name of the run
     * @param settings of the run, by full key
     * @param steps of the whole run
     * @param before what a resumed run has behind it
     * @param diagnoses what it has told before
     * @param rollouts where its completions are
     */
    public LivePage(
            String title,
            String name,
            Map<String, String> settings,
            int steps,
            List<StepMetrics> before,
            List<Diagnosis> diagnoses,
            RolloutFiles rollouts) {
        this.title = title;
        this.name = name;
        this.settings = Map.copyOf(settings);
        this.rollouts = rollouts;
        this.curves = RunCurves.of(before);
        this.diagnoses = new ArrayList<>(diagnoses);
        this.pace = new RunPace(Math.max(0, curves.lastStep()), steps, System::nanoTime);
    }

    /** A step is done. */
    public void add(StepMetrics step) {
        pace.step(step);
        tell(step);
    }

    /** The run has said something about itself. */
    public void add(Diagnosis diagnosis) {
        tell(diagnosis);
    }

    /** The run is over. */
    public void end(State last) {
        state = last;
    }

    public State state() {
        return state;
    }

    /** Without readers the queue is emptied by the run itself; while one reads, it waits for that reader. */
    private void tell(Object news) {
        told.add(news);
        if (lock.tryLock()) {
            try {
                sortIn();
            } finally {
                lock.unlock();
            }
        }
    }

    private void sortIn() {
        for (Object news = told.poll(); news != null; news = told.poll()) {
            if (news instanceof StepMetrics step) {
                curves.add(step);
            } else if (news instanceof Diagnosis diagnosis) {
                diagnoses.add(diagnosis);
            }
        }
    }

    /** The policy that the page must be served with. */
    public String policy() {
        return Page.policy(true) + "; frame-ancestors 'none'";
    }

    /** The whole page as it is now. */
    public String html() throws IOException {
        ObjectNode data = data(-1);
        data.put("live", true);
        SeriesGroup run = new SeriesGroup(name, settings, List.of(new RunSeries(name, settings, List.of())));
        return Page.html(title, "A run that is going on; the page follows it.", "", Settings.html(List.of(run)), data);
    }

    /** What is new, as JSON of the form that the page has in it. */
    public String update(int after) throws IOException {
        return ScriptJson.write(data(after));
    }

    private ObjectNode data(int after) throws IOException {
        ObjectNode data = ScriptJson.object();
        lock.lock();
        try {
            sortIn();
            data.put("step", curves.lastStep());
            PageData.putCurves(data, List.of(new PageData.Series(name, List.of(curves))), after);
            PageData.putDiagnoses(data, diagnoses);
        } finally {
            lock.unlock();
        }
        pace.put(data.putObject("progress"));
        data.put("state", state.name().toLowerCase(Locale.ROOT));
        List<Integer> kept = rollouts.steps();
        ArrayNode runs = data.putArray("rollouts");
        if (!kept.isEmpty()) {
            ArrayNode steps = runs.addObject().put("run", name).putArray("steps");
            kept.forEach(step -> steps.addObject().put("step", step));
        }
        return data;
    }
}
