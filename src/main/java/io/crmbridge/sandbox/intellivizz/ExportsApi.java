package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bulk exports: all records of a resource as they were when the export was started, to be read once it is completed. */
final class ExportsApi {
    private static final String READ = "contacts.read";

    private final Map<String, Export> exports = new ConcurrentHashMap<>();
    private volatile Duration time = Duration.ZERO;

    private record Export(
            String id, Location location, Resource resource, List<Map<String, Object>> rows, Instant ready) {}

    /** How long one takes, by the clock. */
    void takes(Duration newTime) {
        time = newTime;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post("/bulk/exports", READ, this::start);
        endpoints.get("/bulk/exports/{id}", READ, call -> call.bare(200, state(export(call))));
        endpoints.get("/bulk/exports/{id}/rows", READ, this::rows);
    }

    private synchronized void start(Call call) {
        Body body = call.body();
        Location location = call.location(body.text("locationId"));
        Resource resource;
        try {
            resource = Resource.of(body.requiredText("resource"));
        } catch (IllegalArgumentException e) {
            throw new Problem(400, e.getMessage());
        }
        Records records = location.records();
        Export export = new Export(
                "exp_%d".formatted(exports.size() + 1),
                location,
                resource,
                records.where(resource, row -> true).stream().map(Row::fields).toList(),
                records.now().plus(time));
        exports.put(export.id(), export);
        call.bare(201, state(export));
    }

    private Export export(Call call) {
        Export export = exports.get(call.path("id"));
        if (export == null
                || !call.access().isAgency()
                        && !export.location().id().equals(call.access().locationId())) {
            throw new Problem(404, "There is no export '%s'.".formatted(call.path("id")));
        }
        return export;
    }

    private static boolean isReady(Export export) {
        return !export.location().records().now().isBefore(export.ready());
    }

    private static Map<String, Object> state(Export export) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("id", export.id());
        state.put("resource", export.resource().word());
        state.put("status", isReady(export) ? "completed" : "running");
        state.put("total", isReady(export) ? export.rows().size() : null);
        return state;
    }

    private void rows(Call call) {
        Export export = export(call);
        if (!isReady(export)) {
            throw new Problem(409, "The export '%s' is still running.".formatted(export.id()));
        }
        int offset = call.number("cursor", 0);
        int limit = call.limit(100, 500);
        List<Map<String, Object>> rows =
                export.rows().stream().skip(offset).limit(limit).toList();
        Map<String, Object> others = new LinkedHashMap<>();
        int next = offset + rows.size();
        others.put("nextCursor", next < export.rows().size() ? Integer.toString(next) : null);
        others.put("total", export.rows().size());
        call.list("rows", rows, others);
    }
}
