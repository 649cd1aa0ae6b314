package org.grpo4j.framework.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who makes and who reads the variables of a program, as it is when asked. Views count as the variable they view. */
final class Uses {
    private final Map<String, Integer> makers = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();

    Uses(Program program) {
        List<PlanNode> nodes = program.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                makers.put(output, i);
            }
            nodes.get(i).inputs().forEach(input -> countReader(program.base(input)));
        }
        program.roots().forEach(root -> countReader(program.base(root)));
    }

    private void countReader(String base) {
        readers.merge(base, 1, Integer::sum);
    }

    /** Position of the node that makes a variable; −1 for one that is given. */
    int maker(String name) {
        return makers.getOrDefault(name, -1);
    }

    /** Whether a variable is read at one place only. */
    boolean isReadOnce(String name) {
        return readers.getOrDefault(name, 0) == 1;
    }
}
