package io.crmbridge.component.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.crmbridge.component.CrmRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * CSV as RFC 4180 has it, in UTF-8. Nested values are JSON text. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front.
 */
record CsvFormat(List<String> wanted) implements RowFormat {
    private static final CSVFormat CSV = CSVFormat.RFC4180;
    private static final String FORMULA = "=+-@\t\r\n";

    @Override
    public Optional<List<String>> columns(List<Map<String, Object>> rows) {
        if (!wanted.isEmpty()) {
            return Optional.of(wanted);
        }
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.keySet()));
        return Optional.of(List.copyOf(names));
    }

    @Override
    public boolean fits(List<String> columns, List<Map<String, Object>> rows) {
        if (!wanted.isEmpty()) {
            return columns.equals(wanted);
        }
        return rows.stream().allMatch(row -> columns.containsAll(row.keySet()));
    }

    @Override
    public byte[] header(List<String> columns) throws IOException {
        List<Object> cells = new ArrayList<>(columns.size());
        for (String column : columns) {
            cells.add(cell(column));
        }
        return print(List.of(cells));
    }

    @Override
    public byte[] rows(List<String> columns, List<Map<String, Object>> rows) throws IOException {
        List<List<Object>> lines = new ArrayList<>(rows.size());
        for (Map<String, Object> row : rows) {
            List<Object> line = new ArrayList<>(columns.size());
            for (String column : columns) {
                line.add(cell(row.get(column)));
            }
            lines.add(line);
        }
        return print(lines);
    }

    private static byte[] print(List<? extends List<?>> lines) throws IOException {
        StringBuilder text = new StringBuilder(lines.size() * 128);
        try (CSVPrinter printer = new CSVPrinter(text, CSV)) {
            for (List<?> line : lines) {
                printer.printRecord(line);
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Object cell(Object value) throws JsonProcessingException {
        if (value instanceof Map || value instanceof List) {
            return new String(CrmRecord.toJson(value), StandardCharsets.UTF_8);
        }
        if (value instanceof String text && !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0) {
            return "'" + text;
        }
        // Java writes ten million and more as 1.0E7, which importers of amounts refuse.
        if (value instanceof Double number && number.toString().indexOf('E') >= 0) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return value;
    }
}
