package io.crmbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.List;

/** What commands print: aligned tables, or JSON. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Output() {}

    static void json(PrintWriter out, Object value) throws JsonProcessingException {
        out.println(JSON.writeValueAsString(value));
    }

    /** @param rows cells of each row; null is printed as a dash */
    static void table(PrintWriter out, List<String> titles, List<List<Object>> rows) {
        int[] widths = new int[titles.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = titles.get(column).length();
            for (List<Object> row : rows) {
                widths[column] = Math.max(widths[column], text(row.get(column)).length());
            }
        }
        line(out, widths, List.copyOf(titles));
        rows.forEach(row -> line(out, widths, row));
    }

    private static void line(PrintWriter out, int[] widths, List<?> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = text(cells.get(column));
            String pad = " ".repeat(widths[column] - cell.length());
            line.append(cells.get(column) instanceof Number ? pad + cell : cell + pad)
                    .append("  ");
        }
        out.println(line.toString().stripTrailing());
    }

    private static String text(Object cell) {
        return cell == null ? "-" : cell.toString();
    }
}
