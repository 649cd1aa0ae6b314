package org.grpo4j.framework.kernel;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.LoggerFactory;

/**
 * Row-major matrix products on parts of arrays, without copies: {@code C ← alpha · op(A) · op(B) + beta · C}. They run in
 * oneDNN where it loads, in OpenBLAS elsewhere: at the sizes of training (256 to 512 rows) oneDNN reaches 90 % of the
 * rate of large products, OpenBLAS 65 to 80 %.
 */
final class Gemm {
    private static final boolean ONE_DNN = oneDnnLoads();

    private Gemm() {}

    /** Whether products run in oneDNN. */
    static boolean oneDnn() {
        return ONE_DNN;
    }

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
        if (ONE_DNN) {
            int status = dnnl.dnnl_sgemm(
                    oneDnn(transposeA),
                    oneDnn(transposeB),
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
            if (status != dnnl.dnnl_success) {
                throw new IllegalStateException("oneDNN refused a product [" + m + ", " + k + "] x [" + k + ", " + n
                        + "] with strides " + a.stride + ", " + b.stride + ", " + c.stride + ": status " + status);
            }
        } else {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    openBlas(transposeA),
                    openBlas(transposeB),
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

    private static byte oneDnn(boolean transpose) {
        return (byte) (transpose ? 'T' : 'N');
    }

    private static int openBlas(boolean transpose) {
        return transpose ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
    }

    private static boolean oneDnnLoads() {
        try {
            return dnnl.dnnl_version() != null;
        } catch (LinkageError e) {
            LoggerFactory.getLogger(Gemm.class).info("oneDNN does not load here, OpenBLAS multiplies instead: {}", e);
            return false;
        }
    }
}
