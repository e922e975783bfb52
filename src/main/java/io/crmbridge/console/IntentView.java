package io.crmbridge.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.crmbridge.state.Intent;
import java.time.Instant;

/** A write to a CRM as commands and the API show it: without what was to be written, which may be personal data. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IntentView(
        long id,
        String connection,
        String resource,
        String operation,
        String route,
        String state,
        String reason,
        String plannedAt,
        String sentAt,
        int sends,
        String since,
        String recordId) {

    public static IntentView of(Intent intent) {
        return new IntentView(
                intent.id(),
                intent.connection(),
                intent.resource(),
                intent.operation(),
                intent.routeId(),
                intent.state().name(),
                intent.reason().orElse(null),
                intent.plannedAt().toString(),
                intent.sentAt().map(Instant::toString).orElse(null),
                intent.sends(),
                intent.since().toString(),
                intent.recordId().orElse(null));
    }
}
