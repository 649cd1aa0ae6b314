package org.grpo4j.training.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.models.tokenizer.StreamingDecoder;
import org.grpo4j.training.trainer.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grpo4j generate}. */
@Command(
        name = "generate",
        description = "Write one completion of a prompt to standard output, token by token.",
        footer = {
            "",
            "Without sampling options the model's generation_config.json decides: it is sampled from as that file says if"
                    + " do_sample is true there, else the likeliest token is taken at every step. Any of --top-k,"
                    + " --top-p and --seed asks for sampling, at temperature 1 unless --temperature is given.",
            "",
            "With --chat the prompt is the user's turn in the model's own chat template, and the answer is what follows."
        })
final class GenerateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A checkpoint folder, or the folder of a run.")
    private Path model;

    @Mixin
    private LoadOptions loading;

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to go on from.")
    private String prompt;

    @Mixin
    private ChatOptions chat;

    @Option(
            names = "--max-new-tokens",
            defaultValue = "256",
            paramLabel = "N",
            description = "Length at which the completion is cut (${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(names = "--temperature", paramLabel = "T", description = "Divides the logits; 0 takes the likeliest token.")
    private @Nullable Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Sample among the K likeliest tokens; 0 for all.")
    private @Nullable Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Sample among the likeliest tokens of this probability.")
    private @Nullable Double topP;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same completion (0).")
    private @Nullable Long seed;

    @Override
    public Integer call() {
        try (Policy policy = loading.policy(ModelFolder.of(model));
                Generator generator = new Generator(policy.model(), 1)) {
            int[] ids = chat.encoder(policy, model, Clock.systemDefaultZone()).encode(prompt);
            CompletionRequest request = new CompletionRequest(ids, seed == null ? 0 : seed);
            StreamingDecoder decoder = new StreamingDecoder(policy.tokenizer(), ids, true);
            PrintWriter out = spec.commandLine().getOut();
            generator.generate(List.of(request), sampling(policy), (index, token) -> {
                out.print(decoder.accept(token));
                out.flush();
            });
            out.println(decoder.finish());
            out.flush();
        }
        return 0;
    }

    private SamplingConfig sampling(Policy policy) {
        GenerationDefaults defaults = GenerationDefaults.of(policy.checkpoint().companions());
        boolean sampled = topK != null || topP != null || seed != null;
        double fallback = sampled && defaults.temperature() == 0 ? 1 : defaults.temperature();
        return new SamplingConfig(
                temperature != null ? temperature : fallback,
                topK != null ? topK : defaults.topK(),
                topP != null ? topP : defaults.topP(),
                maxNewTokens,
                policy.stopIds(List.of()));
    }
}
