package org.grpo4j.models.tokenizer;

import java.util.Arrays;

/** Ids in the making. */
final class IdBuffer {

    private int[] ids;
    private int count;

    IdBuffer(int capacity) {
        ids = new int[capacity];
    }

    void add(int id) {
        reserve(1);
        ids[count++] = id;
    }

    void add(int[] more, int length) {
        reserve(length);
        System.arraycopy(more, 0, ids, count, length);
        count += length;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, count);
    }

    private void reserve(int more) {
        if (count + more > ids.length) {
            ids = Arrays.copyOf(ids, 2 * (count + more));
        }
    }
}
