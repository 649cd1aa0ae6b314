package org.grpo4j.training.metrics;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.WCWidth;

/**
 * A terminal that understands what a display sends: text, carriage return, line feed, cursor up, wiping to the end of the
 * line and of the screen. Long lines are broken, and broken anew when the window changes its width, as in VTE, kitty or
 * tmux, or cut, as in xterm.
 */
final class FakeTerminal {
    private static final char SECOND_HALF = '\0';

    private static final class Row {
        final StringBuilder cells = new StringBuilder();
        /** Whether the text goes on in the next row. */
        boolean broken;
    }

    private final StringBuilder sequence = new StringBuilder();
    private List<Row> rows = new ArrayList<>(List.of(new Row()));
    private int columns;
    private final int height;
    private int row;
    private int column;
    private boolean breaks = true;

    FakeTerminal(int columns, int height) {
        this.columns = columns;
        this.height = height;
    }

    PrintStream stream() {
        OutputStream bytes = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) {
                // Displays print whole strings, so no character is cut here.
                new String(b, off, len, StandardCharsets.UTF_8).codePoints().forEach(FakeTerminal.this::take);
            }
        };
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    Terminal.Size size() {
        return new Terminal.Size(columns, height);
    }

    /** Everything that is and was on the screen, without spaces at the end of lines and empty lines at the end. */
    List<String> text() {
        List<String> lines = rows.stream()
                .map(r -> r.cells
                        .toString()
                        .replace(String.valueOf(SECOND_HALF), "")
                        .stripTrailing())
                .collect(Collectors.toCollection(ArrayList::new));
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    int cursorRow() {
        return row;
    }

    int cursorColumn() {
        return column;
    }

    private void take(int character) {
        if (!sequence.isEmpty() || character == '\u001b') {
            sequence.appendCodePoint(character);
            if (sequence.length() > 2 && Character.isLetter(character)) {
                control(sequence.substring(2));
                sequence.setLength(0);
            }
        } else if (character == '\r') {
            column = 0;
        } else if (character == '\n') {
            column = 0;
            down();
        } else {
            put(character);
        }
    }

    private void control(String command) {
        Row present = rows.get(row);
        switch (command.charAt(command.length() - 1)) {
            case 'A' -> {
                int top = Math.max(0, rows.size() - height);
                row = Math.max(top, row - Integer.parseInt(command.substring(0, command.length() - 1)));
            }
            case 'K' -> wipeFrom(present);
            case 'J' -> {
                wipeFrom(present);
                rows = new ArrayList<>(rows.subList(0, row + 1));
            }
            case 'l' -> breaks = false;
            case 'h' -> breaks = true;
            default -> throw new IllegalStateException("a display sent " + command);
        }
    }

    private void wipeFrom(Row present) {
        present.cells.setLength(Math.min(present.cells.length(), column));
        present.broken = false;
    }

    private void put(int character) {
        int width = WCWidth.wcwidth(character);
        if (column + width > columns && !breaks) {
            column = columns - width;
        } else if (column + width > columns) {
            rows.get(row).broken = true;
            column = 0;
            down();
        }
        Row present = rows.get(row);
        while (present.cells.length() < column + width) {
            present.cells.append(' ');
        }
        present.cells.setCharAt(column, (char) character);
        if (width == 2) {
            present.cells.setCharAt(column + 1, SECOND_HALF);
        }
        column += width;
    }

    private void down() {
        row++;
        if (row == rows.size()) {
            rows.add(new Row());
        }
    }

    /** Makes the window narrower or wider; whole lines are broken anew, and the cursor stays with its text. */
    void resize(int newColumns) {
        List<Row> anew = new ArrayList<>();
        int newRow = 0;
        int newColumn = 0;
        for (int first = 0; first < rows.size(); ) {
            int last = first;
            StringBuilder line = new StringBuilder(rows.get(first).cells);
            int cursor = row == first ? column : -1;
            while (rows.get(last).broken) {
                last++;
                cursor = row == last ? line.length() + column : cursor;
                line.append(rows.get(last).cells);
            }
            if (cursor >= 0) {
                newRow = anew.size() + cursor / newColumns;
                newColumn = cursor % newColumns;
            }
            for (int at = 0; at == 0 || at < line.length(); at += newColumns) {
                Row part = new Row();
                part.cells.append(line, at, Math.min(line.length(), at + newColumns));
                part.broken = at + newColumns < line.length();
                anew.add(part);
            }
            first = last + 1;
        }
        columns = newColumns;
        rows = anew;
        row = newRow;
        column = newColumn;
    }

    /** Makes the window narrower; what stood to the right is gone. */
    void crop(int newColumns) {
        columns = newColumns;
        rows.forEach(r -> r.cells.setLength(Math.min(r.cells.length(), newColumns)));
        column = Math.min(column, newColumns - 1);
    }
}
