package io.crmbridge.component.inbox;

import io.crmbridge.component.inbox.PhysicalLines.Line;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads CSV that people made: a quote that is not closed costs its own line and nothing below it. A quoted cell may span
 * {@value #MOST_LINES} lines, or 64 KB; where it does not close within them, or what it makes has not as many cells as the first line,
 * its first line alone is at fault, and reading goes on with the line below.
 */
final class CsvLines implements Closeable {
    static final int MOST_LINES = 100;

    private static final String BROKEN = "a quote in it is not closed, or something follows one";
    private static final int MOST_CHARACTERS = 1 << 16;
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t');

    private final PhysicalLines lines;
    private CSVFormat format = format(',');
    private List<String> names = List.of();

    /** @param fault what is wrong with it, empty where its cells are right */
    record Read(int line, List<String> cells, String fault) {
        boolean isRight() {
            return fault.isEmpty();
        }
    }

    CsvLines(PhysicalLines lines) {
        this.lines = lines;
    }

    private static CSVFormat format(char delimiter) {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
    }

    /**
     * Reads the line of names, and finds out by it what stands between cells: whatever makes the most of them.
     *
     * @return the names; empty where there is no such line, or it is broken
     */
    Optional<Read> head() throws IOException {
        Line line = lines.take();
        while (line != null && line.text().isBlank()) {
            line = lines.take();
        }
        if (line == null) {
            return Optional.empty();
        }
        // So a spreadsheet says what it puts between cells.
        if (line.text().matches("sep=[,;\t]")) {
            format = format(line.text().charAt(4));
            line = lines.take();
            if (line == null) {
                return Optional.empty();
            }
        } else {
            String text = line.text();
            format = DELIMITERS.stream()
                    .map(CsvLines::format)
                    .max(Comparator.comparingInt(
                            tried -> cells(tried, text).map(List::size).orElse(0)))
                    .orElseThrow();
        }
        Optional<List<String>> cells =
                line.cut() || isOpen(line.text()) ? Optional.empty() : cells(format, line.text());
        names = cells.orElse(List.of()).stream().map(String::strip).toList();
        return Optional.of(new Read(line.number(), names, cells.isEmpty() ? BROKEN : ""));
    }

    /** The next line with anything in it, as it is or together with those that a quoted cell spans; empty at the end. */
    Optional<Read> next() throws IOException {
        for (Line line = lines.take(); line != null; line = lines.take()) {
            Read read = read(line);
            if (!read.isRight() || !isEmpty(read.cells())) {
                return Optional.of(read);
            }
        }
        return Optional.empty();
    }

    private Read read(Line first) throws IOException {
        if (first.cut()) {
            return wrong(first, "is longer than %d characters".formatted(PhysicalLines.LONGEST));
        }
        Optional<List<String>> cells = cells(format, first.text());
        if (cells.isEmpty()) {
            return spanning(first);
        }
        int size = cells.get().size();
        return size == names.size() || isEmpty(cells.get())
                ? new Read(first.number(), cells.get(), "")
                : wrong(first, "has %d cells, and the first line %d".formatted(size, names.size()));
    }

    private static boolean isEmpty(List<String> cells) {
        return cells.stream().allMatch(String::isBlank);
    }

    /** A quoted cell that goes on in the next line, or a broken quote. */
    private Read spanning(Line first) throws IOException {
        StringBuilder text = new StringBuilder(first.text());
        for (int more = 0; isOpen(text); ) {
            Line next;
            do {
                next = more + 1 < MOST_LINES ? lines.peek(more++) : null;
                if (next == null || next.cut() || text.length() + next.text().length() > MOST_CHARACTERS) {
                    return wrong(first, BROKEN);
                }
                text.append('\n').append(next.text());
            } while (next.text().indexOf('"') < 0);
            Optional<List<String>> cells = cells(format, text.toString());
            if (cells.isPresent()) {
                if (cells.get().size() != names.size()) {
                    return wrong(first, BROKEN);
                }
                lines.skip(more);
                return new Read(first.number(), cells.get(), "");
            }
        }
        return wrong(first, BROKEN);
    }

    /** Whether the last quote opens a cell; quotes within one are doubled. */
    private static boolean isOpen(CharSequence text) {
        return text.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    private static Read wrong(Line line, String fault) {
        return new Read(line.number(), List.of(), fault);
    }

    /** Of one record; empty where a quote in it is not closed or something follows one. */
    private static Optional<List<String>> cells(CSVFormat format, String text) {
        try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
            for (CSVRecord read : parser) {
                return Optional.of(read.toList());
            }
            return Optional.of(List.of());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
