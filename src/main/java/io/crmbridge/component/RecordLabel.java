package io.crmbridge.component;

import io.crmbridge.state.Change;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/** What a person calls a change, for example {@code deal "Deal 0007" won}: for a screen, not for a log. */
public final class RecordLabel {
    private static final String PROPERTY = "crmLabel";
    private static final List<String> NAMES = List.of("name", "title", "number", "invoiceNumber", "email");

    private RecordLabel() {}

    static void note(Exchange exchange, String feed, List<Change> changes, Object body) {
        if (changes.size() > 1 || !(body instanceof Map<?, ?> record)) {
            exchange.setProperty(PROPERTY, "%d %s".formatted(changes.size(), feed));
            return;
        }
        Change change = changes.get(0);
        Object stage = change.changedFields().contains("stageName") ? record.get("stageName") : null;
        String what = stage == null ? change.kind().label() : stage.toString().toLowerCase(Locale.ROOT);
        exchange.setProperty(PROPERTY, "%s \"%s\" %s".formatted(singular(feed), name(record, change.recordId()), what));
    }

    public static String of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, "a record", String.class);
    }

    private static String name(Map<?, ?> record, String otherwise) {
        if (record.get("firstName") != null || record.get("lastName") != null) {
            return (text(record, "firstName") + " " + text(record, "lastName")).strip();
        }
        return NAMES.stream()
                .filter(name -> record.get(name) != null)
                .findFirst()
                .map(name -> text(record, name))
                .orElse(otherwise);
    }

    private static String text(Map<?, ?> record, String name) {
        Object value = record.get(name);
        return value == null ? "" : value.toString();
    }

    private static String singular(String feed) {
        return feed.endsWith("ies") ? feed.substring(0, feed.length() - 3) + "y" : feed.replaceFirst("s$", "");
    }
}
