package org.grpo4j.datasets.table;

/**
 * A column of a table.
 *
 * @param name as the data spells it
 * @param type in Arrow's words, as Hugging Face prints them: {@code string}, {@code int64}, {@code list<string>},
 *     {@code struct<a: int64, b: string>}
 */
public record Column(String name, String type) {

    @Override
    public String toString() {
        return name + ": " + type;
    }
}
