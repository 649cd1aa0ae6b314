package org.grpo4j.training.eval;

/**
 * The probability that at least one of k samples is correct, estimated without bias from n samples
 * (Chen et al., 2021, <a href="https://arxiv.org/abs/2107.03374">arXiv 2107.03374</a>, section 2.1).
 */
public final class PassAtK {

    private PassAtK() {}

    /**
     * 1 − C(n − c, k) / C(n, k), computed as a product so that nothing overflows.
     *
     * @param n samples of the problem
     * @param c how many of them are correct, 0 to n
     * @param k 1 to n
     */
    public static double of(int n, int c, int k) {
        if (c < 0 || c > n || k < 1 || k > n) {
            throw new IllegalArgumentException(
                    "pass@" + k + " of " + n + " samples with " + c + " correct: needs 1 <= k <= n and 0 <= c <= n");
        }
        double allWrong = 1;
        for (int i = 0; i < k; i++) {
            allWrong *= Math.max(0, n - c - i) / (double) (n - i);
        }
        return 1 - allWrong;
    }
}
