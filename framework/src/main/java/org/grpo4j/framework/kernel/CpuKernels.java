package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.op.CompositeOp;
import org.grpo4j.framework.op.Embedding;
import org.grpo4j.framework.op.Entropy;
import org.grpo4j.framework.op.LanguageModelHead;
import org.grpo4j.framework.op.Masked;
import org.grpo4j.framework.op.NarrowEmbedding;
import org.grpo4j.framework.op.NarrowLinear;
import org.grpo4j.framework.op.RmsNorm;
import org.grpo4j.framework.op.Rope;
import org.grpo4j.framework.op.SwiGlu;
import org.grpo4j.framework.op.TokenLogProbs;
import org.grpo4j.framework.op.TraceProduct;
import org.grpo4j.framework.op.VariableTrace;
import org.grpo4j.framework.plan.Kernel;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Team;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** The kernels of this package by the function they compute; FLOAT only. */
final class CpuKernels implements KernelSource {
    private final @Nullable Team team;
    private final @Nullable PackedWeights packed;

    /**
     * @param team whose threads share the work of large ops, or null for the calling thread alone
     * @param packed copies of weights for products of few rows, or null for none
     */
    CpuKernels(@Nullable Team team, @Nullable PackedWeights packed) {
        this.team = team;
        this.packed = packed;
    }

    @Override
    public @Nullable Kernel find(CompositeOp function, DataType type) {
        if (type != DataType.FLOAT || (function instanceof CachedAttention && !CachedAttentionKernel.runsHere())) {
            return null;
        }
        Kernel shared = team == null ? null : findShared(function, team);
        return shared == null ? findWhole(function) : shared;
    }

    /** The functions of decoding and prefill that take long enough to be shared. */
    private static @Nullable Kernel findShared(CompositeOp function, Team team) {
        if (function instanceof CachedAttention a) {
            return RowSplit.over(team, a.rows(), List.of(), rows -> CachedAttentionKernel.of(a.withRows(rows)));
        } else if (function instanceof Attention a) {
            return RowSplit.over(
                    team,
                    a.batch(),
                    List.of(),
                    batch -> AttentionKernel.forward(
                            new Attention(batch, a.time(), a.heads(), a.kvHeads(), a.headDim())));
        } else if (function instanceof Rope r) {
            return RowSplit.over(
                    team,
                    r.rows(),
                    List.of(),
                    rows -> RopeKernel.of(new Rope(rows, r.heads(), r.headDim(), r.backwards())));
        } else if (function instanceof SwiGlu) {
            return RowSplit.over(team, List.of(), SwiGluKernel.forward());
        } else if (function instanceof RmsNorm norm) {
            return RowSplit.over(team, List.of(1), RmsNormKernel.forward(norm.epsilon()));
        } else if (function instanceof NarrowLinear) {
            return new NarrowLinearKernel(team);
        }
        return null;
    }

    private static @Nullable Kernel findWhole(CompositeOp function) {
        if (function instanceof RmsNorm norm) {
            return InPlace.over(RmsNormKernel.forward(norm.epsilon()), 1, 0);
        } else if (function instanceof RmsNorm.Gradient norm) {
            return RmsNormKernel.gradient(norm.epsilon());
        } else if (function instanceof SwiGlu) {
            return InPlace.over(SwiGluKernel.forward(), 1, 0, 1);
        } else if (function instanceof SwiGlu.Gradient) {
            return InPlace.over(SwiGluKernel.gradient(), 2, 0, 1, 2);
        } else if (function instanceof Rope rope) {
            return InPlace.over(RopeKernel.of(rope), 1, 0);
        } else if (function instanceof Attention attention) {
            return AttentionKernel.forward(attention);
        } else if (function instanceof Attention.Gradient gradient) {
            // A head's part of upstream is read before the gradient in that part of the queries is written.
            return InPlace.over(AttentionKernel.gradient(gradient.forward()), 1, 0);
        } else if (function instanceof CachedAttention cached) {
            return CachedAttentionKernel.of(cached);
        } else if (function instanceof TokenLogProbs) {
            return SoftmaxKernels.tokenLogProbs();
        } else if (function instanceof TokenLogProbs.Gradient) {
            return InPlace.over(SoftmaxKernels.tokenLogProbsGradient(), 1, 1);
        } else if (function instanceof Entropy) {
            return SoftmaxKernels.entropy();
        } else if (function instanceof Embedding.Scatter) {
            return new ScatterKernel();
        } else if (function instanceof NarrowEmbedding) {
            return new NarrowEmbeddingKernel();
        } else if (function instanceof NarrowLinear) {
            return new NarrowLinearKernel(null);
        } else if (function instanceof NarrowLinear.Gradient) {
            return new NarrowLinearGradientKernel();
        } else if (function instanceof LanguageModelHead head) {
            return new LanguageModelHeadKernel(head);
        } else if (function instanceof LanguageModelHead.Gradient gradient) {
            return new LanguageModelHeadGradientKernel(gradient);
        } else if (function instanceof TraceProduct product) {
            return InPlace.over(TraceKernel.of(product), 1, 0);
        } else if (function instanceof VariableTrace trace) {
            return InPlace.over(TraceKernel.of(trace), 1, 0);
        } else if (function instanceof Masked.Selection) {
            return InPlace.over(SelectionKernel.create(), 1, 0, 1);
        }
        return null;
    }

    @Override
    public @Nullable Kernel matMul(boolean transposeA, boolean transposeB, DataType type) {
        return type == DataType.FLOAT ? new MatMulKernel(transposeA, transposeB, team, packed) : null;
    }
}
