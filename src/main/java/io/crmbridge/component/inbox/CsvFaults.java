package io.crmbridge.component.inbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The faults of one CSV file, for the person who dropped it: {@code .errors/<file name>.errors.csv} in the file's own folder,
 * where no {@code file:} route looks. It is there when the file has been read, and not where nothing is wrong.
 */
final class CsvFaults implements Closeable {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setHeader("line", "field", "fault").get();

    private final Optional<Path> file;
    private final Optional<Path> growing;
    private CSVPrinter printer;
    private int lines;

    private CsvFaults(Optional<Path> file) {
        this.file = file;
        this.growing = file.map(it -> it.resolveSibling("." + it.getFileName() + ".tmp"));
    }

    static CsvFaults of(CsvContent content) {
        return new CsvFaults(
                content.folder().map(folder -> folder.resolve(".errors").resolve(content.name() + ".errors.csv")));
    }

    void add(int line, String fault) throws IOException {
        add(line, List.of(new Fault(line, "", fault)));
    }

    void add(int line, List<Fault> faults) throws IOException {
        lines++;
        if (growing.isPresent()) {
            if (printer == null) {
                Files.createDirectories(growing.get().getParent());
                printer = new CSVPrinter(Files.newBufferedWriter(growing.get()), FORMAT);
            }
            for (Fault fault : faults) {
                printer.printRecord(line, fault.field(), fault.what());
            }
        }
    }

    /** How many lines have one. */
    int lines() {
        return lines;
    }

    /** Puts the file in its place, or takes an earlier one away. @return where it is; empty where there is none */
    Optional<Path> finish() throws IOException {
        if (printer != null) {
            printer.close(true);
            Files.move(growing.orElseThrow(), file.orElseThrow(), StandardCopyOption.REPLACE_EXISTING);
            return file;
        }
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        if (printer != null) {
            printer.close();
        }
    }
}
