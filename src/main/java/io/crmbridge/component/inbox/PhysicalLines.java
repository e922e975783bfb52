package io.crmbridge.component.inbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/** The lines of a text, numbered as an editor shows them; those not taken yet can be looked at. */
final class PhysicalLines implements Closeable {
    /** In characters: what is longer is cut, so that a file without line ends does not fill the memory. */
    static final int LONGEST = 1 << 20;

    private final Reader text;
    private final List<Line> ahead = new ArrayList<>();
    private int number;
    private boolean afterReturn;

    /** @param cut whether there was more of it */
    record Line(int number, String text, boolean cut) {}

    PhysicalLines(Reader text) {
        this.text = text;
    }

    /** The next line, null at the end. */
    Line take() throws IOException {
        return ahead.isEmpty() ? read() : ahead.remove(0);
    }

    /** The line that comes so many after the next one, null where the text ends before it. */
    Line peek(int further) throws IOException {
        while (ahead.size() <= further) {
            Line line = read();
            if (line == null) {
                return null;
            }
            ahead.add(line);
        }
        return ahead.get(further);
    }

    void skip(int lines) {
        ahead.subList(0, lines).clear();
    }

    private Line read() throws IOException {
        StringBuilder line = new StringBuilder();
        boolean any = false;
        boolean cut = false;
        for (int c = text.read(); c >= 0; c = text.read()) {
            boolean secondHalf = c == '\n' && afterReturn;
            afterReturn = c == '\r';
            if (secondHalf) {
                continue;
            }
            any = true;
            if (c == '\n' || c == '\r') {
                return new Line(++number, line.toString(), cut);
            }
            if (line.length() < LONGEST) {
                line.append((char) c);
            } else {
                cut = true;
            }
        }
        return any ? new Line(++number, line.toString(), cut) : null;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
