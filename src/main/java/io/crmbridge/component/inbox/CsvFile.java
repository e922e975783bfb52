package io.crmbridge.component.inbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A CSV file that a person or a spreadsheet made, line by line: UTF-8, windows-1252 or UTF-16, and whatever stands between cells. */
public final class CsvFile implements Closeable {
    private final CsvLines lines;
    private final List<String> names;

    /** @param fault what is wrong with it, empty where its cells are right */
    public record Line(int number, List<String> cells, String fault) {}

    private CsvFile(CsvLines lines, List<String> names) {
        this.lines = lines;
        this.names = names;
    }

    /** Empty where it is none, or its first line is broken. */
    public static Optional<CsvFile> open(Path file) throws IOException {
        CsvSurvey survey;
        try (InputStream bytes = Files.newInputStream(file)) {
            survey = CsvSurvey.of(bytes);
        }
        if (!survey.text()) {
            return Optional.empty();
        }
        CsvLines lines = new CsvLines(new PhysicalLines(survey.read(Files.newInputStream(file))));
        Optional<CsvFile> read =
                lines.head().filter(CsvLines.Read::isRight).map(head -> new CsvFile(lines, head.cells()));
        if (read.isEmpty()) {
            lines.close();
        }
        return read;
    }

    /** Of the columns, without blanks around them. */
    public List<String> names() {
        return names;
    }

    /** The next line with anything in it; empty at the end. */
    public Optional<Line> next() throws IOException {
        return lines.next().map(read -> new Line(read.line(), read.cells(), read.fault()));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
