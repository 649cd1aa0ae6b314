package org.grpo4j.training.tensorboard;

/**
 * What one step shows under several tags: the message {@code tensorflow.Summary}. Field numbers are those of TensorFlow's
 * {@code summary.proto}, {@code histogram.proto}, {@code tensor.proto} and {@code tensor_shape.proto}.
 */
final class Summary {
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int HISTOGRAM = 5;
    private static final int TENSOR = 8;
    private static final int METADATA = 9;

    private static final int DATA_CLASS_TENSOR = 2;
    private static final int DATA_TYPE_STRING = 7;

    private final ProtoMessage message = new ProtoMessage();
    private boolean empty = true;

    /** A point of a curve. Single precision is all that TensorBoard keeps. */
    Summary scalar(String tag, double value) {
        return add(new ProtoMessage().text(TAG, tag).single(SIMPLE_VALUE, (float) value));
    }

    /** The edges of the bins stand for the smallest and largest number: TensorBoard draws the outer bins up to those. */
    Summary histogram(String tag, Histogram histogram) {
        ProtoMessage proto = new ProtoMessage()
                .real(1, histogram.low())
                .real(2, histogram.high())
                .real(3, histogram.count())
                .real(4, histogram.sum())
                .real(5, histogram.sumOfSquares())
                .reals(6, histogram.limits())
                .reals(7, histogram.counts());
        return add(new ProtoMessage().text(TAG, tag).message(HISTOGRAM, proto));
    }

    /** A text in Markdown: a string tensor of rank 0 that the plugin named {@code text} takes. */
    Summary text(String tag, String markdown) {
        ProtoMessage plugin = new ProtoMessage().text(1, "text");
        ProtoMessage metadata = new ProtoMessage().message(1, plugin).integer(4, DATA_CLASS_TENSOR);
        ProtoMessage tensor = new ProtoMessage()
                .integer(1, DATA_TYPE_STRING)
                .message(2, new ProtoMessage())
                .text(8, markdown);
        return add(new ProtoMessage().text(TAG, tag).message(TENSOR, tensor).message(METADATA, metadata));
    }

    boolean isEmpty() {
        return empty;
    }

    ProtoMessage message() {
        return message;
    }

    private Summary add(ProtoMessage value) {
        message.message(VALUE, value);
        empty = false;
        return this;
    }
}
