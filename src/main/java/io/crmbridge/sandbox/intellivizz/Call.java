package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.FaultFilter;
import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.ListChange;
import io.crmbridge.sandbox.Problem;
import io.crmbridge.sandbox.Stamps;
import io.crmbridge.sandbox.WebServer;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One request that was let in: what it asks for, and how it is answered. What it must not ask for is a {@link Problem}. */
record Call(Context context, Access access, Locations locations) {

    private static final List<String> NOT_WRITABLE =
            List.of("id", "locationId", "altId", "altType", "dateAdded", "dateUpdated", "createdAt", "updatedAt");

    /** A record and whose it is. */
    record Found(Location location, Row row) {
        Records records() {
            return location.records();
        }
    }

    /** The location that the request names, which must be the key's own unless it is the agency's. */
    Location location(String id) {
        if (id == null || id.isBlank()) {
            throw new Problem(400, "locationId is required.");
        }
        if (!access.isAgency() && !id.equals(access.locationId())) {
            throw new Problem(403, "This token does not have access to the location '%s'.".formatted(id));
        }
        return locations.find(id).orElseThrow(() -> new Problem(404, "There is no location '%s'.".formatted(id)));
    }

    Location locationInQuery() {
        return location(query("locationId"));
    }

    /** Of the calls about payments: altType=location and altId. */
    Location alternative(String altType, String altId) {
        if (!"location".equals(altType)) {
            throw new Problem(400, "altType is required and must be 'location'.");
        }
        return location(altId);
    }

    /** The location of the key, where the request names none. */
    Location ownLocation() {
        return location(access.locationId());
    }

    /** The record with this id; the agency finds those of every location. */
    Found find(Resource resource, String id) {
        for (Location location : locations.all()) {
            Row row = access.isAgency() || location.id().equals(access.locationId())
                    ? location.records().get(resource, id)
                    : null;
            if (row != null) {
                return new Found(location, row);
            }
        }
        throw new Problem(404, "There is no '%s' among the %s.".formatted(id, resource.word()));
    }

    Found find(Resource resource) {
        return find(resource, path("id"));
    }

    String path(String name) {
        return context.pathParam(name);
    }

    /** Or null where it is not given or empty. */
    String query(String name) {
        String value = context.queryParam(name);
        return value == null || value.isBlank() ? null : value;
    }

    Body body() {
        return Body.of(context.bodyAsBytes());
    }

    /** The fields of the body without those that the CRM alone writes. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>(Json.copy(body().node()));
        NOT_WRITABLE.forEach(fields::remove);
        return fields;
    }

    int limit(int otherwise, int most) {
        int limit = number("limit", otherwise);
        if (limit < 1 || limit > most) {
            throw new Problem(400, "limit must be between 1 and %d, and is %d.".formatted(most, limit));
        }
        return limit;
    }

    int number(String name, int otherwise) {
        String value = query(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new Problem(400, "%s must be a whole number, and is '%s'.".formatted(name, value));
        }
        throw new Problem(400, "%s must not be negative, and is %s.".formatted(name, value));
    }

    /** ISO 8601, or null. */
    Instant stamp(String name) {
        String value = query(name);
        return value == null
                ? null
                : Stamps.parse(value)
                        .orElseThrow(() -> new Problem(
                                400, "%s must be an ISO 8601 date and time, and is '%s'.".formatted(name, value)));
    }

    /** Milliseconds since 1970, or null. */
    Instant millis(String name) {
        String value = query(name);
        if (value == null) {
            return null;
        }
        try {
            return Instant.ofEpochMilli(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw new Problem(400, "%s must be milliseconds since 1970, and is '%s'.".formatted(name, value));
        }
    }

    /** By the query's startAfter and startAfterId, which belong together; null where it starts at the first row. */
    Position startAfter(String millis, String id) {
        Instant after = millis(millis);
        String afterId = query(id);
        if ((after == null) != (afterId == null)) {
            throw new Problem(400, "%s and %s must be given together.".formatted(millis, id));
        }
        return after == null ? null : new Position(after.toEpochMilli(), afterId);
    }

    /** A page of the location's rows, as a fault leaves it. */
    Slice read(Location location, Ask asked) {
        ListChange change = FaultFilter.listChange(context);
        Ask ask = asked.limit(change.cappedAt(asked.limit()));
        return location.records()
                .read(
                        change.ignoresSince()
                                ? new Ask(
                                        ask.resource(),
                                        ask.within(),
                                        row -> true,
                                        ask.order(),
                                        ask.after(),
                                        ask.offset(),
                                        ask.limit())
                                : ask);
    }

    void list(String member, List<Map<String, Object>> rows, Map<String, ?> others) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(member, FaultFilter.listChange(context).ordered(rows));
        answer.putAll(others);
        FaultFilter.rowsAreIn(context, member);
        WebServer.json(context, 200, Json.write(answer));
    }

    void list(String member, Slice slice) {
        list(member, slice.fields(), Map.of("total", slice.total()));
    }

    /** A page whose end says where the next one begins. */
    void cursored(String member, Slice slice) {
        Map<String, Object> others = new LinkedHashMap<>();
        others.put("nextCursor", slice.nextCursor());
        others.put("total", slice.total());
        list(member, slice.fields(), others);
    }

    /** {@code {"contact": {...}}} */
    void record(int status, String member, Map<String, Object> row) {
        FaultFilter.rowsAreIn(context, member);
        WebServer.json(context, status, Json.write(Map.of(member, row)));
    }

    void bare(int status, Map<String, ?> answer) {
        WebServer.json(context, status, Json.write(answer));
    }

    void succeeded() {
        bare(200, Map.of("succeded", true));
    }

    /** Not before, where it is given. */
    static Predicate<Row> from(Instant instant) {
        return row -> instant == null || !row.stamp().isBefore(instant);
    }

    /** Not after, where it is given. */
    static Predicate<Row> until(Instant instant) {
        return row -> instant == null || !row.stamp().isAfter(instant);
    }

    /** With this text in the field, where it is given. */
    static Predicate<Row> equal(String field, String value) {
        return row -> value == null || value.equals(row.text(field));
    }
}
