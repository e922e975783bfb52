package io.crmbridge.sandbox;

import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What all endpoints of the CRM have in common. Where the document names no status, a creation answers 201 and all else
 * 200; where it shows no shape, a list is a bare array and an error {@code {"error": "..."}}.
 */
final class Answers {
    private Answers() {}

    static void created(Context context, Object value) {
        WebServer.json(context, 201, Json.write(value));
    }

    static void ok(Context context, Object value) {
        WebServer.json(context, 200, Json.write(value));
    }

    static void rows(Context context, List<Map<String, Object>> rows) {
        ListChange change = FaultFilter.listChange(context);
        WebServer.json(context, 200, Json.writeRows(change.ordered(rows), change.wraps()));
    }

    /** So many rows at most: as documented, or fewer where a fault says so. */
    static int cap(Context context, int documented) {
        return FaultFilter.listChange(context).cappedAt(documented);
    }

    /** "?since=ISO_8601", or null where it is not given or a fault leaves it out of account. */
    static Instant since(Context context) {
        String since = context.queryParam("since");
        if (since == null) {
            return null;
        }
        Instant stamp = Stamps.parse(since)
                .orElseThrow(() -> new Problem(400, "since is not an ISO 8601 date and time: '%s'".formatted(since)));
        return FaultFilter.listChange(context).ignoresSince() ? null : stamp;
    }
}
