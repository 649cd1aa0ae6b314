package org.grpo4j.framework.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Row-major matrix products on parts of arrays, without copies: {@code C ← alpha · op(A) · op(B) + beta · C}. */
final class Gemm {
    private Gemm() {}

    /** A matrix inside an array: its rows lie {@code stride} elements apart. One thread at a time. */
    static final class Matrix {
        private final FloatPointer pointer;
        private final int stride;

        Matrix(INDArray array, int stride) {
            this(new FloatPointer(array.data().addressPointer()), stride);
        }

        Matrix(FloatPointer pointer, int stride) {
            this.pointer = pointer;
            this.stride = stride;
        }

        /** The same matrix with its first element at {@code offset}. */
        Matrix at(long offset) {
            pointer.position(offset);
            return this;
        }
    }

    /** {@code a} is {@code [m, k]} and {@code b} {@code [k, n]} after the transpositions. */
    static void multiply(
            Matrix a,
            boolean transposeA,
            Matrix b,
            boolean transposeB,
            Matrix c,
            int m,
            int n,
            int k,
            float alpha,
            float beta) {
        openblas_nolapack.cblas_sgemm(
                openblas_nolapack.CblasRowMajor,
                transposeA ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
                transposeB ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
                m,
                n,
                k,
                alpha,
                a.pointer,
                a.stride,
                b.pointer,
                b.stride,
                beta,
                c.pointer,
                c.stride);
    }
}
