package org.grpo4j.training.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.config.ConfigException;
import picocli.CommandLine;

/**
 * What an exception means to the user.
 *
 * @param exitCode of the process
 * @param sentence one line for standard error
 */
record Failure(int exitCode, String sentence) {

    static final int RUN_FAILED = 1;
    static final int BAD_INPUT = 2;

    /** Exceptions that blame what was handed in. */
    private static final List<Class<? extends Exception>> INPUT = List.of(
            InputException.class,
            ConfigException.class,
            DatasetException.class,
            NoSuchFileException.class,
            CommandLine.ParameterException.class);

    static Failure of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        boolean input = INPUT.stream().anyMatch(type -> type.isInstance(cause)) || refusedByUs(cause);
        return new Failure(input ? BAD_INPUT : RUN_FAILED, oneLine(sentence(cause)));
    }

    /** Wrappers that threads and streams put around the exception that matters. */
    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean wrapper = thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof UncheckedIOException
                || thrown instanceof CommandLine.ExecutionException;
        return wrapper && cause != null ? unwrap(cause) : thrown;
    }

    /**
     * Records of this project refuse bad values with an IllegalArgumentException whose message is meant for the user. The
     * same class thrown inside a library is a failure of the run.
     */
    private static boolean refusedByUs(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause instanceof IllegalArgumentException
                && trace.length > 0
                && trace[0].getClassName().startsWith("org.grpo4j.");
    }

    private static String sentence(Throwable cause) {
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + ": there is no such file or folder";
        } else if (cause instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        } else if (cause instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + cause.getClass().getSimpleName();
        } else if (cause instanceof OutOfMemoryError) {
            return "out of memory (" + cause.getMessage()
                    + "); take a smaller model or weights in bfloat16, make micro-batches or rows smaller, or give more with"
                    + " GRPO4J_JAVA_OPTS: -Xmx… for the heap, -Dorg.bytedeco.javacpp.maxphysicalbytes=… for all";
        }
        String message = cause.getMessage();
        String kind = cause.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return kind + " (run again with --debug for the stack trace)";
        }
        // Messages of our own are sentences; a bare "Index 3 out of bounds" needs its class to make any sense.
        boolean ours = cause.getClass().getName().startsWith("org.grpo4j.")
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause instanceof java.io.IOException;
        return ours ? message : kind + ": " + message;
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
