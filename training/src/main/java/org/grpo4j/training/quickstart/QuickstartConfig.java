package org.grpo4j.training.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;

/**
 * The runs of a quickstart. Its defaults are the YAML files beside this class, which are also those of
 * {@code grpo4j sft} and {@code grpo4j train}.
 *
 * @param folder everything is written below it
 * @param seed every random choice derives from it
 * @param sft the warm start
 * @param grpo reinforcement by GRPO
 * @param grpoLambda reinforcement by GRPO-λ, from the same start and with the same budget
 * @param heldOut the evaluation that the results table shows
 */
public record QuickstartConfig(
        Path folder, long seed, SftConfig sft, TrainConfig grpo, TrainConfig grpoLambda, EvaluationSection heldOut) {

    /**
     * Changes to the defaults, {@code key=value} each.
     *
     * @param sft of the warm start
     * @param train of both reinforcement runs
     * @param heldOut of the final evaluation
     */
    public record Overrides(List<String> sft, List<String> train, List<String> heldOut) {
        /** The defaults as they are. */
        public static final Overrides NONE = new Overrides(List.of(), List.of(), List.of());
    }

    /** The defaults, for a folder and a seed. */
    public static QuickstartConfig of(Path folder, long seed) {
        return of(folder, seed, Overrides.NONE);
    }

    /**
     * The defaults with changes.
     *
     * @throws org.grpo4j.training.config.ConfigException if a change does not fit
     */
    public static QuickstartConfig of(Path folder, long seed, Overrides overrides) {
        String data = set("data.path", QuickstartData.folder(folder));
        String seeded = "training.seed=" + seed;
        List<String> sft = List.of(data, seeded, set("output", folder.resolve("sft")));
        List<String> train = List.of(
                data,
                seeded,
                set("evaluation.data.path", QuickstartData.folder(folder)),
                set("model.path", folder.resolve("sft")));
        return new QuickstartConfig(
                folder,
                seed,
                read("sft.yaml", SftConfig.class, sft, overrides.sft),
                read(
                        "grpo.yaml",
                        TrainConfig.class,
                        with(train, set("output", folder.resolve("grpo"))),
                        overrides.train),
                read(
                        "grpo-lambda.yaml",
                        TrainConfig.class,
                        with(train, set("output", folder.resolve("grpo-lambda"))),
                        overrides.train),
                read("evaluation.yaml", EvaluationSection.class, List.of(data), overrides.heldOut));
    }

    /** An override whose value is a path, in quotes because YAML gives many characters a meaning. */
    private static String set(String key, Path path) {
        return key + "='" + path.toString().replace("'", "''") + "'";
    }

    private static List<String> with(List<String> overrides, String more) {
        List<String> all = new ArrayList<>(overrides);
        all.add(more);
        return all;
    }

    private static <T extends Record> T read(String name, Class<T> type, List<String> own, List<String> changes) {
        List<String> overrides = new ArrayList<>(own);
        overrides.addAll(changes);
        try (InputStream in = QuickstartConfig.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ConfigLoader.parse(yaml, "quickstart/" + name, type, overrides);
        } catch (IOException e) {
            throw new IllegalStateException(name + " could not be read from the program", e);
        }
    }
}
