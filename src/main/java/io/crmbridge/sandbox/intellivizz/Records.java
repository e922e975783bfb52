package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.Stamps;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;

/** The records of one location, and who is told of their changes. Thread-safe. */
final class Records {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 20;

    private final Object lock = new Object();
    private final String locationId;
    private final Clock clock;
    private final Random random;
    private final RecordListener listener;
    private final Map<Resource, Table> tables = new EnumMap<>(Resource.class);
    private final Map<Resource, Listing> listings = new EnumMap<>(Resource.class);

    /** Told of each change of a record, not of rows that are put. */
    interface RecordListener {
        /** @param before null where it was created @param after null where it was removed */
        void changed(Resource resource, String locationId, Map<String, Object> before, Map<String, Object> after);
    }

    Records(String locationId, Clock clock, long seed, RecordListener listener) {
        this.locationId = locationId;
        this.clock = clock;
        this.listener = listener;
        random = new Random(seed);
        for (Resource resource : Resource.values()) {
            tables.put(resource, new Table());
            listings.put(resource, new Listing());
        }
    }

    Listing listing(Resource resource) {
        return listings.get(resource);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Stamps may be among the fields; what is missing is now. */
    Map<String, Object> create(Resource resource, Map<String, Object> fields) {
        Map<String, Object> given = Json.copy(fields);
        Map<String, Object> row = new LinkedHashMap<>();
        synchronized (lock) {
            String id = given.get("id") instanceof String chosen ? chosen : nextId();
            if (tables.get(resource).get(id) != null) {
                throw new IllegalArgumentException(
                        "The %s already hold a record with the id '%s'.".formatted(resource.word(), id));
            }
            row.put("id", id);
            row.put("locationId", locationId);
            row.putAll(given);
            row.put("locationId", locationId);
            String now = Stamps.iso(now());
            if (resource.created() != null) {
                row.putIfAbsent(resource.created(), now);
                row.putIfAbsent(resource.updated(), now);
            }
            store(resource, id, row);
        }
        listener.changed(resource, locationId, null, row);
        return row;
    }

    /** Throws NoSuchElementException for an unknown id. */
    Map<String, Object> update(Resource resource, String id, Map<String, Object> fields) {
        Map<String, Object> given = Json.copy(fields);
        Map<String, Object> before;
        Map<String, Object> row;
        synchronized (lock) {
            before = existing(resource, id).fields();
            row = new LinkedHashMap<>(before);
            row.putAll(given);
            row.put("id", id);
            row.put("locationId", locationId);
            if (resource == Resource.OPPORTUNITIES) {
                stampMoves(before, row);
            }
            String updated = resource.updated();
            if (updated != null && !updated.equals(resource.created()) && !given.containsKey(updated)) {
                row.put(updated, Stamps.iso(now()));
            }
            store(resource, id, row);
        }
        listener.changed(resource, locationId, before, row);
        return row;
    }

    /** As it is given; it replaces the row with the same id. */
    void put(Resource resource, Map<String, Object> row) {
        Map<String, Object> fields = Json.copy(row);
        synchronized (lock) {
            store(resource, fields.get("id") instanceof String id ? id : nextId(), fields);
        }
    }

    /** Throws NoSuchElementException for an unknown id. */
    void remove(Resource resource, String id) {
        Map<String, Object> before;
        synchronized (lock) {
            before = existing(resource, id).fields();
            tables.get(resource).remove(id);
            if (resource == Resource.CONTACTS) {
                where(Resource.NOTES, note -> id.equals(note.text("contactId")))
                        .forEach(note -> tables.get(Resource.NOTES).remove(note.id()));
            }
        }
        listener.changed(resource, locationId, before, null);
    }

    /** Or null. */
    Row get(Resource resource, String id) {
        synchronized (lock) {
            return tables.get(resource).get(id);
        }
    }

    /** As they were stored. */
    List<Row> where(Resource resource, Predicate<Row> filter) {
        synchronized (lock) {
            return tables.get(resource).rows(null).stream().filter(filter).toList();
        }
    }

    /** One page, bent as the list was told to be; then whatever was to happen between two pages happens. */
    Slice read(Ask asked) {
        Ask ask = listings.get(asked.resource()).bend(asked);
        Slice slice;
        synchronized (lock) {
            slice = slice(ask);
        }
        listings.get(asked.resource()).pageWasRead();
        return slice;
    }

    private Slice slice(Ask ask) {
        List<Row> rows = new ArrayList<>();
        int total = 0;
        int behind = 0;
        for (Row row : tables.get(ask.resource()).rows(ask.order())) {
            if (!ask.within().test(row) || !ask.filter().test(row)) {
                continue;
            }
            total++;
            if (ask.after() != null && !ask.order().isBehind(row, ask.after())) {
                continue;
            }
            if (behind++ >= ask.offset() && rows.size() < ask.limit()) {
                rows.add(row);
            }
        }
        return new Slice(rows, total, behind > ask.offset() + (long) rows.size(), ask.order());
    }

    private void store(Resource resource, String id, Map<String, Object> fields) {
        Instant stamp = stamp(fields, resource.updated(), now());
        Instant added = stamp(fields, resource.created(), stamp);
        tables.get(resource).put(new Row(id, stamp, added, Collections.unmodifiableMap(fields)));
    }

    private void stampMoves(Map<String, Object> before, Map<String, Object> row) {
        if (!Objects.equals(before.get("pipelineStageId"), row.get("pipelineStageId"))) {
            row.put("lastStageChangeAt", Stamps.iso(now()));
        }
        if (!Objects.equals(before.get("status"), row.get("status"))) {
            row.put("lastStatusChangeAt", Stamps.iso(now()));
        }
    }

    private static Instant stamp(Map<String, Object> fields, String field, Instant otherwise) {
        return field == null
                ? otherwise
                : Stamps.parse(fields.get(field)).orElse(otherwise).truncatedTo(ChronoUnit.MILLIS);
    }

    private Row existing(Resource resource, String id) {
        Row row = tables.get(resource).get(id);
        if (row == null) {
            throw new NoSuchElementException(
                    "There is no record '%s' among the %s of location %s.".formatted(id, resource.word(), locationId));
        }
        return row;
    }

    String nextId() {
        synchronized (lock) {
            StringBuilder id = new StringBuilder(ID_LENGTH);
            while (id.length() < ID_LENGTH) {
                id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            return id.toString();
        }
    }
}
