package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A loader and the inputs that it is tried with. */
interface FuzzTarget {

    /** A word for the command line and the table. */
    String name();

    /** Valid inputs, each the files of a folder by name. The same at every call. */
    List<Map<String, byte[]>> seeds() throws IOException;

    /** Files that are changed in half of the cases, where others are many or say little. */
    default List<String> favourites() {
        return List.of();
    }

    /** One file of an input, changed. The same random numbers make the same change. */
    byte[] mutate(String file, byte[] content, Random random);

    /**
     * Loads what lies in a folder, uses it a little and closes it.
     *
     * @throws RuntimeException of the kinds that mean "this input cannot be used"; anything else is a fault
     */
    void load(Path folder) throws IOException;
}
