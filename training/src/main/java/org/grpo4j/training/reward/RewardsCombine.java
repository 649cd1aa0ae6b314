package org.grpo4j.training.reward;

/** In which order several rewards are added up and compared within their group. */
public enum RewardsCombine {
    /** The weighted sum is compared: a reward with a larger spread has more to say than its weight tells. */
    SUM_THEN_NORMALISE,
    /**
     * Each reward is compared by itself, and the weighted sum of the advantages is taken, so that the weights are what they
     * seem (the decoupled normalisation of GDPO, arXiv 2601.05242, without its second normalisation over the batch).
     */
    NORMALISE_THEN_SUM
}
