package org.grpo4j.training.metrics;

import java.util.Locale;
import org.jline.nativ.CLibrary;
import org.jline.nativ.CLibrary.WinSize;

/** What is known of the terminal that standard output or standard error may be. */
public final class Terminal {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /**
     * The size of a terminal.
     *
     * @param columns characters in a line
     * @param rows lines on the screen
     */
    record Size(int columns, int rows) {
        static final Size USUAL = new Size(80, 24);
    }

    /** Whether standard error is a terminal whose cursor can be moved. Java cannot tell, so the launcher does. */
    static boolean present() {
        String said = System.getProperty("grpo4j.terminal");
        boolean terminal = said == null ? isTerminal(STANDARD_ERROR) : Boolean.parseBoolean(said);
        return terminal && !"dumb".equals(System.getenv("TERM"));
    }

    /** The size of the terminal behind standard error at this moment; windows get resized. */
    static Size size() {
        int[] size = measured(STANDARD_ERROR);
        int columns = size[0] > 0 ? size[0] : Integer.getInteger("grpo4j.columns", 0);
        return new Size(columns > 0 ? columns : Size.USUAL.columns, size[1] > 0 ? size[1] : Size.USUAL.rows);
    }

    /** Characters that a line of standard output has room for: as many as one likes if it is no terminal. */
    public static int columnsOfOutput() {
        int columns = isTerminal(STANDARD_OUTPUT) ? measured(STANDARD_OUTPUT)[0] : 0;
        return columns > 0 ? columns : Integer.MAX_VALUE;
    }

    /** Whether the terminal shows characters beyond ASCII, each in one column. */
    static boolean drawsLines() {
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = System.getenv(variable);
            if (locale != null && !locale.isEmpty()) {
                return drawsLines(locale);
            }
        }
        return false;
    }

    /** Where Chinese, Japanese or Korean is written, fonts make lines and blocks as wide as two letters. */
    static boolean drawsLines(String locale) {
        String lower = locale.toLowerCase(Locale.ROOT);
        boolean unicode = lower.contains("utf-8") || lower.contains("utf8");
        return unicode && !lower.startsWith("zh") && !lower.startsWith("ja") && !lower.startsWith("ko");
    }

    private static boolean isTerminal(int descriptor) {
        try {
            return CLibrary.isatty(descriptor) == 1;
        } catch (LinkageError | RuntimeException unavailable) {
            return false;
        }
    }

    /** Columns and rows; 0 if they are not known. JLine's library needs no thread and leaves the terminal's mode alone. */
    private static int[] measured(int descriptor) {
        try {
            WinSize size = new WinSize();
            boolean known = CLibrary.ioctl(descriptor, CLibrary.TIOCGWINSZ, size) == 0;
            return known ? new int[] {size.ws_col, size.ws_row} : new int[2];
        } catch (LinkageError | RuntimeException unavailable) {
            return new int[2];
        }
    }
}
