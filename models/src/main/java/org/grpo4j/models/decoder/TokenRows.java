package org.grpo4j.models.decoder;

import java.util.List;
import org.grpo4j.framework.InputException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Fills the id placeholder of a plan from token lists. */
public final class TokenRows {
    private TokenRows() {}

    /**
     * Writes sequences left-aligned into rows of {@code time} slots; the rest is id 0.
     *
     * @param target INT32 {@code [rows · time]}
     */
    public static void fill(INDArray target, List<int[]> sequences, int time) {
        int[] flat = new int[(int) target.length()];
        for (int row = 0; row < sequences.size(); row++) {
            int[] ids = sequences.get(row);
            System.arraycopy(ids, 0, flat, row * time, ids.length);
        }
        target.data().setData(flat);
    }

    /**
     * Checks that all ids are in the vocabulary: native code would read beyond the table.
     *
     * @param where names the place in the message, for instance a file and line
     * @throws InputException naming the first id that is not
     */
    public static void requireInVocabulary(int[] ids, int vocabularySize, String where) {
        for (int t = 0; t < ids.length; t++) {
            if (ids[t] < 0 || ids[t] >= vocabularySize) {
                throw new InputException(where + ": token id " + ids[t] + " at position " + t
                        + " is not in the vocabulary of " + vocabularySize + " tokens (0 to " + (vocabularySize - 1)
                        + "); check that the ids were made with this model's tokenizer.");
            }
        }
    }
}
