package org.grpo4j.framework.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Replicas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Second copies of weights in the layout that oneDNN's products with few rows read as it lies. A product with plain
 * weights first rearranges them, which at 16 to 64 rows takes as long as multiplying: with copies, one thread comes to
 * 73 / 133 / 140 GFLOP/s at 16 / 32 / 64 rows instead of 60 / 86 / 116. The price is the memory, and {@link #refresh}
 * whenever the weights have changed.
 *
 * <p>Plans are bound to copies when they are compiled; several threads may compile and run.
 */
public final class PackedWeights implements AutoCloseable {
    /** Rows that the layout is chosen for; products of all sizes use the same. */
    private static final int TYPICAL_ROWS = 32;

    private final engine cpu = new engine(engine.kind.cpu, 0);
    private final Map<Key, Packed> copies = new HashMap<>();

    private final Map<Scratch, FloatPointer> scratch = new HashMap<>();

    private record Key(long address, int from, int to) {}

    private record Scratch(int member, long length) {}

    /** Whether such products run in this JVM. */
    public static boolean isAvailable() {
        return Gemm.oneDnn() && Kernels.available() != KernelSource.NONE;
    }

    /** Copies the weights again, each by one of the replicas' threads. No plan may run meanwhile. */
    public synchronized void refresh(Replicas replicas) {
        List<Packed> all = new ArrayList<>(copies.values());
        replicas.run(all.size(), (replica, i) -> all.get(i).copy());
    }

    /** Bytes of all copies. */
    public synchronized long bytes() {
        return copies.values().stream().mapToLong(Packed::bytes).sum();
    }

    /** The copy of rows {@code from} to {@code to} of weights {@code [n, k]}, made now if there is none yet. */
    synchronized Packed of(INDArray weight, int from, int to) {
        Key key = new Key(weight.data().addressPointer().address(), from, to);
        return copies.computeIfAbsent(key, unused -> new Packed(cpu, weight, from, to));
    }

    /** Frees the copies, after the plans that are bound to them. */
    @Override
    public synchronized void close() {
        copies.values().forEach(Packed::close);
        copies.clear();
        scratch.values().forEach(FloatPointer::close);
        scratch.clear();
    }

    private static memory.desc matrix(long rows, long columns, long rowStride, long columnStride) {
        return new memory.desc(new long[] {rows, columns}, memory.data_type.f32, new long[] {rowStride, columnStride});
    }

    /** Memory for products of one member of a team, which never run at once. */
    synchronized FloatPointer scratch(int member, long length) {
        return scratch.computeIfAbsent(new Scratch(member, length), unused -> new FloatPointer(length));
    }

    /** A matrix that starts {@code offset} elements behind an address. */
    private static memory over(Pointer address, long offset, memory.desc layout, engine cpu) {
        // A position counts bytes here, because oneDNN takes an untyped pointer.
        return new memory(layout, cpu, new BytePointer(address).position(offset * Float.BYTES));
    }

    /** One copy. */
    static final class Packed implements AutoCloseable {
        private final engine cpu;
        private final memory.desc layout;
        private final memory plain;
        private final memory packed;
        private final reorder copying;
        private final stream order;
        private final int rows;
        private final int columns;

        Packed(engine cpu, INDArray weight, int from, int to) {
            this.cpu = cpu;
            this.rows = to - from;
            this.columns = (int) weight.size(1);
            this.order = new stream(cpu);
            this.layout = layout();
            // The product's second factor is the transposed weight, [k, n], where n counts rows of the weight.
            this.plain =
                    over(weight.data().addressPointer(), (long) from * columns, matrix(columns, rows, 1, columns), cpu);
            this.packed = new memory(layout, cpu);
            this.copying = new reorder(plain, packed);
            copy();
        }

        private memory.desc layout() {
            memory.desc any = new memory.desc(new long[] {columns, rows}, memory.data_type.f32, memory.format_tag.any);
            try (matmul.primitive_desc typical = product(TYPICAL_ROWS, any, false)) {
                return new memory.desc(typical.weights_desc());
            }
        }

        private matmul.primitive_desc product(int m, memory.desc weights, boolean adds) {
            try (primitive_attr attributes = new primitive_attr();
                    post_ops after = new post_ops()) {
                if (adds) {
                    after.append_sum();
                }
                attributes.set_post_ops(after);
                matmul.desc product =
                        new matmul.desc(matrix(m, columns, columns, 1), weights, matrix(m, rows, rows, 1));
                return new matmul.primitive_desc(product, attributes, cpu);
            }
        }

        void copy() {
            copying.execute(order, plain, packed);
            order._wait();
        }

        long bytes() {
            return layout.get_size();
        }

        /**
         * Prepares {@code result ← x · weightᵀ} or {@code result ← result + x · weightᵀ}.
         *
         * @param x {@code [m, k]}
         * @param result {@code [m, n]} for n rows of the weight, dense
         */
        Runnable product(int m, INDArray x, INDArray result, boolean adds) {
            return product(m, x, result.data().addressPointer(), adds);
        }

        /** The same with the result at an address. */
        Runnable product(int m, INDArray x, Pointer result, boolean adds) {
            stream calls = new stream(cpu);
            matmul product = new matmul(product(m, layout, adds));
            IntMemoryMap arguments = new IntMemoryMap();
            arguments.put(dnnl.DNNL_ARG_SRC, over(x.data().addressPointer(), 0, matrix(m, columns, columns, 1), cpu));
            arguments.put(dnnl.DNNL_ARG_WEIGHTS, packed);
            arguments.put(dnnl.DNNL_ARG_DST, over(result, 0, matrix(m, rows, rows, 1), cpu));
            return () -> {
                product.execute(calls, arguments);
                calls._wait();
            };
        }

        @Override
        public void close() {
            copying.close();
            plain.close();
            packed.close();
            order.close();
        }
    }
}
