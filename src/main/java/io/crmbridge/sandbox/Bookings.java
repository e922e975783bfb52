package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bookings of one workspace. The document names none of their fields but the link to a contact, so the fields here are
 * inferred, and others are kept as they come.
 */
final class Bookings {
    private static final List<String> TEXTS = List.of("title", "notes", "status");

    private final Outreach outreach;
    private final Map<String, Map<String, Object>> bookings = new LinkedHashMap<>();

    Bookings(Outreach outreach) {
        this.outreach = outreach;
    }

    Map<String, Object> create(Body body) {
        return create(body, outreach.now());
    }

    /** "Create a booking, optionally linked to an existing contact." */
    Map<String, Object> create(Body body, Instant at) {
        synchronized (outreach.lock()) {
            if (body.node().isEmpty()) {
                throw new Problem(400, "A booking must say something, and the body is empty.");
            }
            Map<String, Object> row = new LinkedHashMap<>();
            String id = outreach.ids().next();
            row.put("id", outreach.ids().shown(id));
            TEXTS.forEach(field -> row.put(field, body.text(field)));
            Instant start = body.stamp("startTime");
            Instant end = body.stamp("endTime");
            if (start != null && end != null && end.isBefore(start)) {
                throw new Problem(400, "endTime must not be before startTime.");
            }
            row.put("startTime", Stamps.isoOrNull(start));
            row.put("endTime", Stamps.isoOrNull(end));
            row.put("contactId", contact(body));
            Json.copy(body.node()).forEach(row::putIfAbsent);
            row.put("createdAt", Stamps.iso(at));
            row.put("updatedAt", Stamps.iso(at));
            bookings.put(id, row);
            return Collections.unmodifiableMap(new LinkedHashMap<>(row));
        }
    }

    /** "List all bookings in the workspace": the order is not documented, here that of creation. */
    List<Map<String, Object>> rows() {
        synchronized (outreach.lock()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            bookings.values().forEach(row -> rows.add(Collections.unmodifiableMap(new LinkedHashMap<>(row))));
            return rows;
        }
    }

    void forget(String contactId) {
        synchronized (outreach.lock()) {
            bookings.values().stream()
                    .filter(row -> contactId.equals(String.valueOf(row.get("contactId"))))
                    .forEach(row -> {
                        row.put("contactId", null);
                        row.put("updatedAt", Stamps.iso(outreach.now()));
                    });
        }
    }

    private Object contact(Body body) {
        String id = body.id("contactId", outreach.ids().areNumbers());
        if (id == null) {
            return null;
        }
        outreach.requireContact("contactId", id);
        return outreach.ids().shown(id);
    }
}
