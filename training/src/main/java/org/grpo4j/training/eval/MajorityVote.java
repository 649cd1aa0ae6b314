package org.grpo4j.training.eval;

/**
 * The probability that the most frequent answer among k samples is right (maj@k, also called cons@k or self-consistency;
 * Wang et al., 2022, <a href="https://arxiv.org/abs/2203.11171">arXiv 2203.11171</a>). The k are drawn without replacement
 * from the n there are, and a tie is broken at random; both are averaged over exactly, not simulated. Samples without an
 * answer do not vote.
 */
public final class MajorityVote {

    /** Up to here binomial coefficients fit into a double. */
    static final int MOST_SAMPLES = 1000;

    private MajorityVote() {}

    /**
     * The expected outcome of a vote, 0 to 1.
     *
     * @param k voters, 1 to the number of samples
     */
    public static double of(AnswerVotes votes, int k) {
        int n = votes.samples();
        if (k < 1 || k > n || n > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "maj@" + k + " of " + n + " samples: needs 1 <= k <= n <= " + MOST_SAMPLES);
        }
        int[] sizes = votes.sizes();
        boolean[] correct = votes.correct();
        double won = 0;
        for (int winner = 0; winner < sizes.length; winner++) {
            if (correct[winner]) {
                for (int count = 1; count <= Math.min(sizes[winner], k); count++) {
                    won += binomial(sizes[winner], count) * won(votes, winner, count, k - count);
                }
            }
        }
        return won / binomial(n, k);
    }

    /**
     * Ways to draw {@code rest} samples from all but the winner so that no answer comes up more than {@code count} times,
     * each divided by the number of answers that share the first place.
     */
    private static double won(AnswerVotes votes, int winner, int count, int rest) {
        int[] sizes = votes.sizes();
        int mostTies = rest / count;
        // ways[t][s]: draws of s samples from the answers seen so far of which t come up as often as the winner.
        double[][] ways = new double[mostTies + 1][rest + 1];
        for (int abstaining = 0; abstaining <= Math.min(votes.abstaining(), rest); abstaining++) {
            ways[0][abstaining] = binomial(votes.abstaining(), abstaining);
        }
        for (int answer = 0; answer < sizes.length; answer++) {
            if (answer != winner) {
                ways = withAnswer(ways, sizes[answer], count);
            }
        }
        double won = 0;
        for (int ties = 0; ties <= mostTies; ties++) {
            won += ways[ties][rest] / (ties + 1);
        }
        return won;
    }

    private static double[][] withAnswer(double[][] ways, int size, int count) {
        int rest = ways[0].length - 1;
        double[][] more = new double[ways.length][rest + 1];
        for (int drawn = 0; drawn <= Math.min(size, Math.min(count, rest)); drawn++) {
            double choices = binomial(size, drawn);
            int tie = drawn == count ? 1 : 0;
            for (int ties = 0; ties + tie < ways.length; ties++) {
                for (int sum = 0; sum + drawn <= rest; sum++) {
                    more[ties + tie][sum + drawn] += choices * ways[ties][sum];
                }
            }
        }
        return more;
    }

    private static double binomial(int n, int k) {
        double value = 1;
        for (int i = 1; i <= Math.min(k, n - k); i++) {
            value = value * (n - i + 1) / i;
        }
        return value;
    }
}
