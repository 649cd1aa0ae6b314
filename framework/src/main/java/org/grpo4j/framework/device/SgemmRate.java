package org.grpo4j.framework.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rate of bare single-precision matrix products, the yardstick for every other speed. One Java thread a core
 * multiplies its own square matrices; native ops should be single-threaded ({@code OMP_NUM_THREADS=1}), as they are in
 * training.
 */
public final class SgemmRate {

    /** Size at which the products no longer gain from being larger. */
    public static final int SIZE = 2048;

    private SgemmRate() {}

    /**
     * Median over {@code repeats} rounds, after one round to warm up.
     *
     * @param size rows and columns of the matrices
     * @param threads products that run side by side
     * @return GFLOP/s of all threads together
     */
    public static double measure(int size, int threads, int repeats) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Product> products = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                products.add(new Product(size, i));
            }
            round(products, pool);
            double[] rates = new double[repeats];
            for (int i = 0; i < repeats; i++) {
                double seconds = round(products, pool);
                rates[i] = threads * 2.0 * size * size * size / seconds / 1e9;
            }
            Arrays.sort(rates);
            return (rates[(repeats - 1) / 2] + rates[repeats / 2]) / 2;
        } finally {
            pool.shutdown();
            products.forEach(Product::close);
        }
    }

    private static double round(List<Product> products, ExecutorService pool) {
        long start = System.nanoTime();
        CompletableFuture.allOf(products.stream()
                        .map(product -> CompletableFuture.runAsync(product::run, pool))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Everything in column order, so that the product goes to BLAS without a hidden copy. */
    private record Product(INDArray left, INDArray right, INDArray result) implements AutoCloseable {

        Product(int size, int seed) {
            this(
                    filled(size, seed),
                    filled(size, seed + 1),
                    Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, size}, 'f'));
        }

        private static INDArray filled(int size, int seed) {
            INDArray matrix = Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, size}, 'f');
            matrix.assign(0.5 + seed);
            return matrix;
        }

        void run() {
            left.mmuli(right, result);
        }

        @Override
        public void close() {
            left.close();
            right.close();
            result.close();
        }
    }
}
