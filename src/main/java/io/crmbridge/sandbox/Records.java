package io.crmbridge.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The records of one workspace, in memory, under one lock. */
final class Records {
    private final Object lock = new Object();
    private final String workspaceId;
    private final Clock clock;
    private final Ids ids;
    private final Map<Resource, Table> tables = new EnumMap<>(Resource.class);
    private final Map<Resource, Pipeline> pipelines;
    private long sequence;

    Records(String workspaceId, Clock clock, Ids ids) {
        this.workspaceId = workspaceId;
        this.clock = clock;
        this.ids = ids;
        for (Resource resource : Resource.values()) {
            tables.put(resource, new Table());
        }
        pipelines = Map.of(
                Resource.DEALS, pipeline("New", "Qualified", "Proposal", "Won", "Lost"),
                Resource.PROJECTS, pipeline("Planned", "Active", "Done"));
    }

    /** See {@link Workspace#put}. */
    void putRaw(Resource resource, Map<String, Object> row) {
        Map<String, Object> fields = Json.copy(row);
        Instant stamp = Stamps.parse(fields.get("updatedAt")).orElseGet(this::now);
        synchronized (lock) {
            Object given = fields.get("id");
            boolean isKey = given instanceof String || ids.areNumbers() && given instanceof Number;
            String key = isKey ? String.valueOf(given) : ids.next();
            tables.get(resource).put(new Row(key, stamp, ++sequence, fields, true));
        }
    }

    void remove(Resource resource, String recordId) {
        synchronized (lock) {
            existing(resource, recordId);
            tables.get(resource).remove(recordId);
        }
    }

    /** As the Zapier list shows it, or null. */
    Map<String, Object> get(Resource resource, String recordId) {
        synchronized (lock) {
            Row row = tables.get(resource).get(recordId);
            return row == null ? null : shown(resource, row);
        }
    }

    String create(Resource resource, Map<String, Object> fields, Instant stamp) {
        Map<String, Object> given = Json.copy(fields);
        synchronized (lock) {
            Map<String, Object> row = new LinkedHashMap<>();
            String newId = given.get("id") instanceof String chosen ? chosen : ids.next();
            if (tables.get(resource).get(newId) != null) {
                throw new IllegalArgumentException(
                        "The %s already hold a record with the id '%s'.".formatted(resource.path(), newId));
            }
            row.put("id", newId);
            resource.writable().forEach(field -> row.put(field, null));
            row.putAll(staged(resource, given));
            row.put("id", ids.shown(newId));
            Pipeline pipeline = pipelines.get(resource);
            if (pipeline != null && row.get("stageId") == null) {
                row.put("stageId", pipeline.firstId());
            }
            row.put("createdAt", Stamps.iso(stamp));
            store(resource, newId, row, stamp);
            return newId;
        }
    }

    void update(Resource resource, String recordId, Map<String, Object> fields, Instant stamp) {
        Map<String, Object> given = Json.copy(fields);
        synchronized (lock) {
            Map<String, Object> row =
                    new LinkedHashMap<>(existing(resource, recordId).fields());
            row.putAll(staged(resource, given));
            row.put("id", ids.shown(recordId));
            store(resource, recordId, row, stamp);
        }
    }

    /** Creates all of them or, where one is refused, none. */
    List<String> createAll(Resource resource, List<Map<String, Object>> batch) {
        Instant stamp = now();
        synchronized (lock) {
            List<String> created = new ArrayList<>(batch.size());
            for (Map<String, Object> fields : batch) {
                created.add(create(resource, fields, stamp));
            }
            return created;
        }
    }

    /** Changes so many records at one moment; creates those that are missing. */
    void burst(Resource resource, int count, boolean tied, Duration shift) {
        synchronized (lock) {
            Table table = tables.get(resource);
            List<String> targets =
                    table.rows().stream().limit(count).map(Row::id).toList();
            Instant end = now().plus(shift);
            Instant start = tied ? end : end.minusMillis(count - 1L);
            Instant newest = shift.isZero() ? table.newestStampUntil(end) : null;
            if (!tied && newest != null && !start.isAfter(newest)) {
                start = newest.plusMillis(1);
            }
            for (int i = 0; i < count; i++) {
                Instant stamp = tied ? start : start.plusMillis(i);
                if (i < targets.size()) {
                    update(resource, targets.get(i), Map.of("burst", i + 1), stamp);
                } else {
                    create(resource, SeedData.fields(resource, table.size() + 1), stamp);
                }
            }
        }
    }

    List<Map<String, Object>> newest(Resource resource, Instant since, int limit) {
        synchronized (lock) {
            return tables.get(resource).newest(since, limit).stream()
                    .map(row -> shown(resource, row))
                    .toList();
        }
    }

    /** As they are stored, by their creation. */
    List<Map<String, Object>> created(Resource resource, ContactOrder order, int limit) {
        synchronized (lock) {
            List<Row> rows = new ArrayList<>(tables.get(resource).rows());
            if (order == ContactOrder.NEWEST) {
                Collections.reverse(rows);
                rows.sort(Comparator.comparing(Row::createdAt).reversed());
            }
            return rows.stream().limit(limit).map(Row::fields).toList();
        }
    }

    /** One record as it is stored; throws NoSuchElementException for an unknown id. */
    Map<String, Object> stored(Resource resource, String recordId) {
        synchronized (lock) {
            return existing(resource, recordId).fields();
        }
    }

    /** The ids in the order of creation. */
    List<String> recordIds(Resource resource) {
        synchronized (lock) {
            return tables.get(resource).rows().stream().map(Row::id).toList();
        }
    }

    /** Whether the id in this field belongs to this workspace. */
    boolean owns(Resource resource, String idField, String referencedId) {
        synchronized (lock) {
            return nameBehind(resource, idField, referencedId).isPresent();
        }
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Pipeline pipeline(String... names) {
        Map<String, String> stages = new LinkedHashMap<>();
        for (String stage : names) {
            stages.put(ids.next(), stage);
        }
        return new Pipeline(stages);
    }

    private void store(Resource resource, String recordId, Map<String, Object> row, Instant stamp) {
        resource.resolved().keySet().forEach(field -> row.computeIfPresent(field, (name, id) -> ids.shown(id)));
        row.put("updatedAt", Stamps.iso(stamp));
        tables.get(resource).put(new Row(recordId, stamp, ++sequence, Collections.unmodifiableMap(row), false));
    }

    private Row existing(Resource resource, String recordId) {
        Row row = tables.get(resource).get(recordId);
        if (row == null) {
            throw new NoSuchElementException("There is no record '%s' among the %s of workspace %s."
                    .formatted(recordId, resource.path(), workspaceId));
        }
        return row;
    }

    private Map<String, Object> staged(Resource resource, Map<String, Object> fields) {
        Pipeline pipeline = pipelines.get(resource);
        if (pipeline == null || !(fields.get("stageName") instanceof String stage)) {
            return fields;
        }
        Map<String, Object> row = new LinkedHashMap<>(fields);
        row.remove("stageName");
        row.put("stageId", pipeline.idOf(stage));
        return row;
    }

    private Map<String, Object> shown(Resource resource, Row row) {
        if (row.raw() || resource.resolved().isEmpty()) {
            return row.fields();
        }
        Map<String, Object> shown = new LinkedHashMap<>(row.fields());
        resource.resolved().forEach((idField, nameField) -> {
            Object referenced = row.fields().get(idField);
            shown.put(nameField, nameBehind(resource, idField, referenced).orElse(null));
        });
        return Collections.unmodifiableMap(shown);
    }

    private Optional<String> nameBehind(Resource resource, String idField, Object referencedId) {
        if (referencedId == null) {
            return Optional.empty();
        }
        return switch (idField) {
            case "stageId" ->
                Optional.ofNullable(pipelines.get(resource).stages().get(String.valueOf(referencedId)));
            case "companyId" -> record(Resource.COMPANIES, referencedId).map(row -> String.valueOf(row.get("name")));
            case "contactId" ->
                record(Resource.CONTACTS, referencedId).map(row -> row.get("firstName") + " " + row.get("lastName"));
            default -> throw new IllegalArgumentException("'%s' refers to nothing.".formatted(idField));
        };
    }

    private Optional<Map<String, Object>> record(Resource resource, Object recordId) {
        Row row = tables.get(resource).get(String.valueOf(recordId));
        return row == null ? Optional.empty() : Optional.of(row.fields());
    }
}
