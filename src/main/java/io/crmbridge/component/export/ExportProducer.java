package io.crmbridge.component.export;

import io.crmbridge.component.Activity;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

final class ExportProducer extends DefaultProducer {
    private final ExportEndpoint endpoint;
    private final Exporter exporter;
    private final RowFormat format;
    private final Roll roll;
    private final Activity activity;
    private final Clock clock = Clock.systemUTC();

    ExportProducer(ExportEndpoint endpoint, Exporter exporter, RowFormat format, Roll roll, Activity activity) {
        super(endpoint);
        this.endpoint = endpoint;
        this.exporter = exporter;
        this.format = format;
        this.roll = roll;
        this.activity = activity;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Instant begun = clock.instant();
        List<Map<String, Object>> rows = rows(exchange.getMessage().getBody());
        Optional<Effect> effect = Effect.of(exchange, endpoint.name());
        List<String> keys = effect.isEmpty() ? List.of() : effect.get().keys(rows);
        String name = endpoint.fileName(exchange, begun);
        try {
            exporter.write(name, format, roll, rows, keys);
        } catch (IOException e) {
            String reason = "the export file cannot be written (%s): is the disk full, is %s writable?"
                    .formatted(e.getClass().getSimpleName(), exporter.folder());
            throw new TargetException(new Outcome.TargetDown(reason), reason, e);
        }
        effect.ifPresent(e -> e.done(rows.size()));
        activity.effect(exchange, "file " + name, "written", Duration.between(begun, clock.instant()));
    }

    static List<Map<String, Object>> rows(Object body) throws TargetException {
        List<?> entries = body instanceof List<?> list ? list : Collections.singletonList(body);
        List<Map<String, Object>> rows = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> fields)) {
                String reason = "export: takes a record or a list of records, not "
                        + (entry == null ? "nothing" : entry.getClass().getSimpleName());
                throw new TargetException(new Outcome.Permanent(reason), reason, null);
            }
            CrmRecord row = new CrmRecord();
            fields.forEach((name, value) -> row.put(String.valueOf(name), value));
            rows.add(row);
        }
        return rows;
    }
}
