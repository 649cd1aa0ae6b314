package org.grpo4j.training.cli;

import java.util.Iterator;
import org.grpo4j.models.config.ModelShapes;

/** The names of published shapes, for the help text. */
final class ShapeNames implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return ModelShapes.names().iterator();
    }
}
