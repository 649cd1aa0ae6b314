package org.grpo4j.framework.op;

import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;

/** Graphs over arrays that somebody else owns. */
public final class Graphs {
    private Graphs() {}

    /**
     * An empty graph whose variables and constants are the very arrays given to it. One made by {@link
     * SameDiff#create()} works as well, but keeps a second copy of every array, which for the parameters of a model is as
     * much memory as the model. To be built by one thread at a time.
     */
    public static SameDiff create() {
        SameDiff graph = SameDiff.create();
        graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
        return graph;
    }
}
