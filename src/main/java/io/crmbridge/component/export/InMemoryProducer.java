package io.crmbridge.component.export;

import jakarta.activation.DataHandler;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.support.DefaultProducer;

/** Rows for a later step of the route: nothing leaves, so nothing needs a key. */
final class InMemoryProducer extends DefaultProducer {
    private final ExportEndpoint endpoint;
    private final RowFormat format;
    private final boolean attach;
    private final Clock clock;

    InMemoryProducer(ExportEndpoint endpoint, RowFormat format, boolean attach, Clock clock) {
        super(endpoint);
        this.endpoint = endpoint;
        this.format = format;
        this.attach = attach;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        byte[] table = table(ExportProducer.rows(exchange.getMessage().getBody()));
        String type = format instanceof CsvFormat ? "text/csv; charset=UTF-8" : "application/x-ndjson";
        if (attach) {
            String name = Path.of(endpoint.fileName(exchange, clock.instant()))
                    .getFileName()
                    .toString();
            exchange.getMessage(AttachmentMessage.class)
                    .addAttachment(name, new DataHandler(new ByteArrayDataSource(table, type)));
        } else {
            exchange.getMessage().setBody(new String(table, StandardCharsets.UTF_8));
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
        }
    }

    private byte[] table(List<Map<String, Object>> rows) throws IOException {
        List<String> columns = format.columns(rows).orElse(List.of());
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        if (!columns.isEmpty()) {
            table.write(format.header(columns));
        }
        table.write(format.rows(columns, rows));
        return table.toByteArray();
    }
}
