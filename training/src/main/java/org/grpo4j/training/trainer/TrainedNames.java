package org.grpo4j.training.trainer;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grpo4j.models.config.DecoderConfig;

/** Names of the parameters that train when only the end of a model does. */
final class TrainedNames {

    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.");

    private TrainedNames() {}

    /**
     * The last layers and the final norm; with more layers than there are, everything.
     *
     * @param layers how many
     */
    static Set<String> ofLast(int layers, DecoderConfig config) {
        Set<String> names = new LinkedHashSet<>(config.parameterShapes().keySet());
        if (layers <= config.layers()) {
            names.removeIf(name -> !isAtTheEnd(name, config.layers() - layers));
        }
        return names;
    }

    private static boolean isAtTheEnd(String name, int firstLayer) {
        Matcher layer = LAYER.matcher(name);
        return layer.lookingAt() ? Integer.parseInt(layer.group(1)) >= firstLayer : name.equals("model.norm.weight");
    }
}
