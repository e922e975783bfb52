package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** CSV with a line of names: each line below it is an entry of texts. An empty cell is a field that is not there. */
final class CsvEntries {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private CsvEntries() {}

    static Entries read(String text) {
        Entries entries = Entries.none(true);
        try (CSVParser parser =
                CSVParser.parse(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text), FORMAT)) {
            List<String> names = null;
            for (CSVRecord line : parser) {
                if (names == null) {
                    names = line.toList().stream().map(String::strip).toList();
                    checkNames(names, entries);
                } else {
                    entry((int) line.getRecordNumber() - 1, names, line, entries);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            entries.fault(0, "", "this is no CSV: a quote is not closed, or something follows one");
        }
        return entries;
    }

    private static void checkNames(List<String> names, Entries entries) {
        Set<String> met = new HashSet<>();
        if (names.size() == 1 && names.get(0).matches(".*[;\t].*")) {
            entries.fault(0, "", "the cells are parted by something else than commas");
        }
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).contains("@")) {
                entries.fault(0, "", "the first line names no fields: column %d has an address in it".formatted(i + 1));
            }
            if (names.get(i).isEmpty()) {
                entries.fault(0, "", "column %d has no name in the first line".formatted(i + 1));
            } else if (!met.add(names.get(i))) {
                entries.fault(0, "", "two columns have the name of column %d".formatted(i + 1));
            }
        }
    }

    private static void entry(int number, List<String> names, CSVRecord line, Entries entries) {
        if (line.size() != names.size()) {
            entries.fault(number, "", "has %d cells, and the first line %d".formatted(line.size(), names.size()));
            return;
        }
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < names.size(); i++) {
            if (!line.get(i).isEmpty()) {
                entry.put(names.get(i), line.get(i));
            }
        }
        entries.byNumber().put(number, entry);
    }
}
