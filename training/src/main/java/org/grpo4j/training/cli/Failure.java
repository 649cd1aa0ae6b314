package org.grpo4j.training.cli;

import java.io.IOException;
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

    private static final String FULL_DISK =
            "; make room on the disk (a training run goes on from its last checkpoint with --resume)";

    /** Exceptions that blame what was handed in. */
    private static final List<Class<? extends Exception>> INPUT = List.of(
            InputException.class,
            ConfigException.class,
            DatasetException.class,
            NoSuchFileException.class,
            CommandLine.ParameterException.class);

    static Failure of(Throwable thrown) {
        if (Memory.isShort(thrown)) {
            return new Failure(RUN_FAILED, oneLine(Memory.sentence(thrown)));
        }
        Throwable cause = unwrap(thrown);
        boolean input = INPUT.stream().anyMatch(type -> type.isInstance(cause)) || refusedByUs(cause);
        return new Failure(input ? BAD_INPUT : RUN_FAILED, oneLine(occasion(thrown, cause) + sentence(cause)));
    }

    /** What a wrapper of ours tells beyond its cause: what was being read or written. */
    private static String occasion(Throwable thrown, Throwable cause) {
        for (Throwable wrapper = thrown; wrapper != null && wrapper != cause; wrapper = wrapper.getCause()) {
            String message = wrapper.getMessage();
            if (wrapper instanceof UncheckedIOException
                    && message != null
                    && !message.equals(String.valueOf(wrapper.getCause()))) {
                return message + ": ";
            }
        }
        return "";
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
                || cause instanceof IOException;
        return (ours ? message : kind + ": " + message) + (isFullDisk(cause) ? FULL_DISK : "");
    }

    private static boolean isFullDisk(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        boolean advised = message.contains("make room");
        return cause instanceof IOException
                && !advised
                && (message.contains("No space left") || message.contains("quota exceeded"));
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
