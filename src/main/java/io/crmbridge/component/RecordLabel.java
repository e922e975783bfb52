package io.crmbridge.component;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** What a person calls a record: for a screen, not for a log. */
public final class RecordLabel {
    private static final List<String> NAMES = List.of("name", "title", "number", "invoiceNumber", "email");

    private RecordLabel() {}

    public static String of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof List<?> batch) {
            return batch.size() + " records";
        }
        if (body instanceof Map<?, ?> record) {
            if (record.get("firstName") != null || record.get("lastName") != null) {
                return (text(record, "firstName") + " " + text(record, "lastName")).strip();
            }
            for (String name : NAMES) {
                if (record.get(name) != null) {
                    return text(record, name);
                }
            }
        }
        return exchange.getMessage().getHeader(CrmConstants.RECORD_ID, "", String.class);
    }

    private static String text(Map<?, ?> record, String name) {
        Object value = record.get(name);
        return value == null ? "" : value.toString();
    }
}
