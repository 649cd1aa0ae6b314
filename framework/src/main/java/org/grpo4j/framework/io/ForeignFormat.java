package org.grpo4j.framework.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;

/** Weights that are no safetensors, by what they look like: what they are and what to do about it. */
public enum ForeignFormat {
    GGUF(
            "GGUF",
            ".*\\.gguf",
            "is in llama.cpp's format GGUF, whose weights are made for inference and do not train; give the folder of the"
                    + " model's safetensors release instead"),
    GIT_LFS(
            "version https://git-lfs",
            "",
            "is a git-lfs pointer, a short text in the place of the weights; run \"git lfs pull\" in its folder"),
    TORCH(
            "PK\u0003\u0004",
            "pytorch_model.*\\.bin|.*\\.pth?|.*\\.ckpt",
            "is a PyTorch archive; load the model in Hugging Face and save it with safe_serialization=True, or fetch its"
                    + " safetensors files"),
    ADAPTER(
            "",
            "adapter_model\\.(safetensors|bin)",
            "is a LoRA adapter without a model; give the folder of the model that it was trained on"),
    OTHER_FRAMEWORK(
            "",
            "tf_model.*\\.h5|flax_model.*\\.msgpack|.*\\.onnx",
            "belongs to another framework; fetch the model's safetensors files"),
    SHARD(
            "",
            "model-\\d+-of-\\d+\\.safetensors",
            "is one shard of several, and " + SafetensorsFolder.INDEX_FILE
                    + " is missing, which says what lies in which; fetch it");

    /** How many bytes at the start of a file are enough to tell. */
    static final int LONGEST_MAGIC = 32;

    private final String magic;
    private final String names;
    private final String explanation;

    /**
     * @param magic how such files begin; empty if that says nothing
     * @param names a pattern of their names; empty if that says nothing
     */
    ForeignFormat(String magic, String names, String explanation) {
        this.magic = magic;
        this.names = names;
        this.explanation = explanation;
    }

    /** @throws InputException if a file that should be safetensors begins like something else */
    static void refuse(Path file, byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        for (ForeignFormat format : values()) {
            if (!format.magic.isEmpty() && text.startsWith(format.magic)) {
                throw new InputException(file + " " + format.explanation + ".");
            }
        }
    }

    /** One sentence on a file, or on the first telling file of a folder, that is given in the place of a model. */
    public static Optional<String> explain(Path path) {
        if (!Files.isDirectory(path)) {
            return explainName(path);
        }
        try (Stream<Path> content = Files.list(path)) {
            List<Path> files = content.sorted().toList();
            return files.stream().flatMap(file -> explainName(file).stream()).findFirst();
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<String> explainName(Path file) {
        String name = file.getFileName().toString();
        return Stream.of(values())
                .filter(format -> name.matches(format.names))
                .map(format -> file + " " + format.explanation + ".")
                .findFirst();
    }
}
