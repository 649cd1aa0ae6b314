package org.grpo4j.training.config;

/**
 * The shape of a Llama-style policy with random weights and a character tokenizer.
 *
 * @param layers decoder blocks
 * @param width hidden size; heads must divide it
 * @param heads query heads
 * @param kvHeads key and value heads; must divide {@code heads}
 * @param feedForward width of the SwiGLU block
 * @param maxPositions longest prompt plus completion in tokens
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon epsilon of the RMS norms
 * @param tieEmbeddings whether the output head is the embedding table
 * @param initStd standard deviation of the random weights
 * @param alphabet every character the tokenizer knows, in the order of their ids
 */
public record InitSection(
        @Default("4") int layers,
        @Default("128") int width,
        @Default("4") int heads,
        @Default("4") int kvHeads,
        @Default("384") int feedForward,
        @Default("256") int maxPositions,
        @Default("10000") double ropeTheta,
        @Default("1e-5") double normEpsilon,
        @Default("true") boolean tieEmbeddings,
        @Default("0.02") double initStd,
        @Default("\" 0123456789+-*/=()<>,.:;?#\\n\"") String alphabet) {
    public InitSection {
        Require.atLeast("layers", layers, 1);
        Require.atLeast("width", width, 1);
        Require.atLeast("heads", heads, 1);
        Require.atLeast("kv_heads", kvHeads, 1);
        Require.atLeast("feed_forward", feedForward, 1);
        Require.atLeast("max_positions", maxPositions, 2);
        Require.positive("rope_theta", ropeTheta);
        Require.positive("norm_epsilon", normEpsilon);
        Require.positive("init_std", initStd);
        Require.that(
                width % (2 * heads) == 0,
                "width must be a multiple of 2 × heads (" + 2 * heads + "), because RoPE rotates pairs; found "
                        + width);
        Require.that(heads % kvHeads == 0, "heads must be a multiple of kv_heads (" + kvHeads + "), found " + heads);
        Require.that(!alphabet.isEmpty(), "alphabet must hold at least one character");
    }
}
