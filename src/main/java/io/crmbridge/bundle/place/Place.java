package io.crmbridge.bundle.place;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a text file.
 *
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where the line as a whole is meant
 */
public record Place(int line, int column) {
    public static final Place NONE = new Place(0, 0);

    /** The place of a character of a text. */
    public static Place in(String text, int offset) {
        int at = Math.min(Math.max(offset, 0), text.length());
        int lineBegin = text.lastIndexOf('\n', at - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineBegin)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Place(line, at - lineBegin + 1);
    }

    static Place of(Optional<Mark> mark) {
        return mark.map(it -> new Place(it.getLine() + 1, it.getColumn() + 1)).orElse(NONE);
    }

    public Place right(int columns) {
        return new Place(line, column + columns);
    }
}
