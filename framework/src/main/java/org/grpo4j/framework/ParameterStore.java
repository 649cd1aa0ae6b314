package org.grpo4j.framework;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a model: named arrays in a fixed order. Plans read these arrays in place and optimisers update them
 * in place, so the array behind a name never changes while the store is open; only its numbers do.
 *
 * <p>Every array is c-ordered, contiguous, no view, and of the one data type of the store (FLOAT or DOUBLE), the type
 * to compute in. Matrices may be <em>narrow</em> instead, BFLOAT16 or HALF: these are frozen, graphs widen them when they
 * use them and nothing updates them. The store owns its arrays: {@link #close()} frees their native memory, and nothing
 * else may. A view made by {@link #only}, {@link #with} or {@link #and} owns none.
 */
public final class ParameterStore implements AutoCloseable {

    private final DataType dataType;
    private final Map<String, INDArray> arrays = new LinkedHashMap<>();
    /** Whether closing this store frees the arrays. */
    private final boolean owner;

    private boolean closed;

    /** @param dataType FLOAT or DOUBLE, the type to compute in and that of every array that is not narrow */
    public ParameterStore(DataType dataType) {
        this(dataType, true);
    }

    private ParameterStore(DataType dataType, boolean owner) {
        if (dataType != DataType.FLOAT && dataType != DataType.DOUBLE) {
            throw new IllegalArgumentException("Parameters are FLOAT or DOUBLE, not " + dataType + ".");
        }
        this.dataType = dataType;
        this.owner = owner;
    }

    /**
     * A store of arrays that have shapes and no numbers: graphs can be built and plans measured over it, whatever the size
     * of the model, but nothing may be run.
     *
     * @param shapes by name
     * @param types of the arrays by name: the compute type, or a narrow one for matrices
     */
    public static ParameterStore withoutNumbers(
            DataType dataType, Map<String, long[]> shapes, Function<String, DataType> types) {
        ParameterStore store = new ParameterStore(dataType, false);
        shapes.forEach((name, shape) -> {
            DataType type = types.apply(name);
            DataBuffer element = Nd4j.createUninitialized(type, 1).data();
            store.arrays.put(name, Nd4j.create(element, shape, Nd4j.getStrides(shape, 'c'), 0, 'c', type));
        });
        return store;
    }

    /** The type to compute in: that of every array that is not narrow. */
    public DataType dataType() {
        return dataType;
    }

    /**
     * Adds an array, which the store owns from now on.
     *
     * @param array of the store's type, or a matrix in BFLOAT16 or HALF, which is frozen
     * @throws IllegalArgumentException if the name is taken, or the array is of another type, a view, or not c-ordered
     */
    public void put(String name, INDArray array) {
        requireOpen();
        if (arrays.containsKey(name)) {
            throw new IllegalArgumentException("Parameter " + name + " is in the store already; its array is fixed.");
        }
        boolean narrow = NarrowTypes.include(array.dataType());
        if (array.dataType() != dataType && !narrow) {
            throw new IllegalArgumentException(
                    "Parameter " + name + " is " + array.dataType() + " but the store holds " + dataType + ".");
        }
        if (narrow && array.rank() != 2) {
            throw new IllegalArgumentException("Parameter " + name + " of rank " + array.rank() + " is "
                    + array.dataType() + ", but only matrices may be narrow; store it as " + dataType + ".");
        }
        boolean contiguous = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
        if (!contiguous || array.isView() || array.offset() != 0) {
            throw new IllegalArgumentException(
                    "Parameter " + name + " must be a contiguous c-ordered array of its own, not a view; dup('c') it.");
        }
        arrays.put(name, array);
    }

    /** Adds an array of zeros and returns it. */
    public INDArray putZeros(String name, long... shape) {
        INDArray array = Nd4j.create(dataType, shape, 'c');
        put(name, array);
        return array;
    }

    /**
     * The array of a name, to be read or updated in place but not closed.
     *
     * @throws IllegalArgumentException if there is no such parameter
     */
    public INDArray get(String name) {
        requireOpen();
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("There is no parameter " + name + ".");
        }
        return array;
    }

    public boolean contains(String name) {
        return arrays.containsKey(name);
    }

    /**
     * Whether an array is stored in BFLOAT16 or HALF, and therefore frozen.
     *
     * @throws IllegalArgumentException if there is no such parameter
     */
    public boolean isNarrow(String name) {
        return NarrowTypes.include(get(name).dataType());
    }

    /** All names, in the order in which they were put. */
    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    /** The number of scalars in all arrays together. */
    public long parameterCount() {
        return arrays.values().stream().mapToLong(INDArray::length).sum();
    }

    /** Memory of all arrays together. */
    public long bytes() {
        return arrays.values().stream()
                .mapToLong(array -> array.length() * array.dataType().width())
                .sum();
    }

    /** A store with copies of all arrays in the types they have, for instance a frozen reference policy. The caller closes it. */
    public ParameterStore copy() {
        requireOpen();
        ParameterStore copy = new ParameterStore(dataType);
        arrays.forEach((name, array) -> copy.put(name, array.dup('c')));
        return copy;
    }

    /**
     * A view of some parameters, in the order of this store. It owns nothing and must not be used after this store is
     * closed.
     *
     * @throws IllegalArgumentException if a name is not in this store
     */
    public ParameterStore only(Collection<String> names) {
        names.forEach(this::get);
        ParameterStore view = new ParameterStore(dataType, false);
        arrays.forEach((name, array) -> {
            if (names.contains(name)) {
                view.arrays.put(name, array);
            }
        });
        return view;
    }

    /**
     * A view of these parameters in which those of another store take the place of their namesakes. It owns nothing.
     *
     * @throws IllegalArgumentException if the other store has a parameter that this one has not
     */
    public ParameterStore with(ParameterStore others) {
        ParameterStore view = only(names());
        others.arrays.forEach((name, array) -> {
            get(name);
            view.arrays.put(name, array);
        });
        return view;
    }

    /**
     * A view of these parameters followed by those of another store. It owns nothing.
     *
     * @throws IllegalArgumentException if a name is in both stores, or their types differ
     */
    public ParameterStore and(ParameterStore others) {
        if (others.dataType != dataType) {
            throw new IllegalArgumentException(
                    "One store holds " + dataType + " and the other " + others.dataType + "; they must compute alike.");
        }
        ParameterStore view = only(names());
        others.arrays.forEach((name, array) -> {
            if (view.arrays.put(name, array) != null) {
                throw new IllegalArgumentException("Parameter " + name + " is in both stores.");
            }
        });
        return view;
    }

    /**
     * A store of the same names, shapes and type, filled with zeros, for gradients and the like. The caller closes it.
     *
     * @throws IllegalStateException if an array is narrow: what is frozen has no gradient
     */
    public ParameterStore zerosLike() {
        requireOpen();
        names().stream().filter(this::isNarrow).findFirst().ifPresent(name -> {
            throw new IllegalStateException("Parameter " + name + " is stored as "
                    + get(name).dataType() + " and frozen; make a store of the parameters that train first.");
        });
        ParameterStore zeros = new ParameterStore(dataType);
        arrays.forEach((name, array) -> zeros.putZeros(name, array.shape()));
        return zeros;
    }

    /**
     * Overwrites the numbers of every array with those of another store; the arrays themselves stay.
     *
     * @throws IllegalArgumentException if names or shapes differ, or an array is narrow in one store only
     */
    public void copyFrom(ParameterStore other) {
        requireOpen();
        if (!names().equals(other.names())) {
            throw new IllegalArgumentException("The two stores do not hold the same parameters.");
        }
        arrays.forEach((name, array) -> {
            INDArray source = other.get(name);
            if (!Arrays.equals(array.shape(), source.shape())) {
                throw new IllegalArgumentException("Parameter " + name + " has different shapes in the two stores.");
            }
            if (array.dataType() != source.dataType() && (isNarrow(name) || other.isNarrow(name))) {
                throw new IllegalArgumentException("Parameter " + name + " is " + array.dataType() + " here and "
                        + source.dataType() + " there; what is narrow is copied bit by bit only.");
            }
            array.assign(source);
        });
    }

    /** Frees the native memory of all arrays. Closing twice is allowed. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (owner) {
            arrays.values().forEach(INDArray::close);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The parameter store is closed.");
        }
    }
}
