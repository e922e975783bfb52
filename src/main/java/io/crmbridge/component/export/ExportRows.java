package io.crmbridge.component.export;

import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * What an export step would write.
 *
 * @param file its name below the export folder
 * @param rows with the fields that are columns
 * @param text of a new file with these rows
 */
public record ExportRows(String file, List<Map<String, Object>> rows, String text) {

    /** @throws TargetException when the body is neither a record nor a list of them */
    public static ExportRows of(ExportEndpoint endpoint, Exchange exchange, Instant now)
            throws TargetException, IOException {
        List<Map<String, Object>> bodies =
                ExportProducer.rows(exchange.getMessage().getBody());
        RowFormat format = endpoint.format();
        List<String> columns = format.columns(bodies).orElse(List.of());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map<String, Object> body : bodies) {
            CrmRecord row = new CrmRecord();
            columns.forEach(column -> row.put(column, body.get(column)));
            rows.add(columns.isEmpty() ? body : row);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        if (!columns.isEmpty()) {
            text.write(format.header(columns));
        }
        text.write(format.rows(columns, bodies));
        return new ExportRows(endpoint.fileName(exchange, now), rows, text.toString(StandardCharsets.UTF_8));
    }
}
