package io.crmbridge.state;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

final class JdbcIntents implements Intents {
    private static final String SELECT =
            "SELECT i.*, s.connection FROM intent i JOIN source s ON s.id = i.source_id WHERE ";

    /** A statement takes no more than so many values. */
    private static final int CHUNK = 1_000;

    private static final String PLAN =
            "INSERT INTO intent (source_id, key_hash, resource, operation, route_id, natural_key, state,"
                    + " planned_at, state_since, request) VALUES (?, ?, ?, ?, ?, ?, 'PLANNED', ?, ?, ?)"
                    // What is asked for again may be mapped otherwise by now; what was sent stays as it was.
                    + " ON CONFLICT (source_id, key_hash) DO UPDATE SET request = excluded.request,"
                    + " natural_key = excluded.natural_key WHERE intent.state IN ('PLANNED', 'REFUSED')";
    private static final String HAPPENED =
            "UPDATE intent SET state = ?, state_since = ?, reason = ?, sent_at = COALESCE(?, sent_at), sends = ?,"
                    + " record_id = COALESCE(?, record_id), answer = COALESCE(?, answer), known = COALESCE(?, known)"
                    + " WHERE id = ?";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcIntents(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public List<Intent> plan(List<Intent.Plan> plans) {
        if (plans.isEmpty()) {
            return List.of();
        }
        return writer.full(h -> {
            long now = Micros.of(clock.instant());
            PreparedStatement insert = writer.prepared(PLAN);
            List<byte[]> keys = new ArrayList<>();
            for (Intent.Plan plan : plans) {
                keys.add(KeyHash.of(plan.key()));
                insert.setLong(1, plan.sourceId());
                insert.setBytes(2, keys.get(keys.size() - 1));
                insert.setString(3, plan.resource());
                insert.setString(4, plan.operation());
                insert.setString(5, plan.routeId());
                insert.setBytes(6, KeyHash.of(plan.naturalKey()));
                insert.setLong(7, now);
                insert.setLong(8, now);
                insert.setBytes(9, plan.request());
                insert.addBatch();
            }
            insert.executeBatch();
            Map<ByteBuffer, Intent> byKey = h.createQuery(SELECT + "i.source_id = :source AND i.key_hash IN (<keys>)")
                    .bind("source", plans.get(0).sourceId())
                    .bindList("keys", keys)
                    .map((row, context) -> Map.entry(ByteBuffer.wrap(row.getBytes("key_hash")), toIntent(row, context)))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            return keys.stream().map(key -> byKey.get(ByteBuffer.wrap(key))).toList();
        });
    }

    @Override
    public List<Intent> happened(Collection<Long> ids, IntentState.Event event, Intent.Note note) {
        Map<Long, Intent.Note> notes = new LinkedHashMap<>();
        ids.forEach(id -> notes.put(id, note));
        return happened(event, notes);
    }

    @Override
    public List<Intent> happened(IntentState.Event event, Map<Long, Intent.Note> notes) {
        if (notes.isEmpty()) {
            return List.of();
        }
        return writer.full(h -> {
            PreparedStatement update = writer.prepared(HAPPENED);
            for (Intent intent : get(h, notes.keySet())) {
                Optional<IntentState> next = intent.state().on(event);
                if (next.isPresent()) {
                    add(update, intent, event, next.get(), notes.get(intent.id()));
                }
            }
            update.executeBatch();
            return get(h, notes.keySet());
        });
    }

    private void add(
            PreparedStatement update, Intent intent, IntentState.Event event, IntentState next, Intent.Note note)
            throws SQLException {
        long now = Micros.of(clock.instant());
        boolean sent = event == IntentState.Event.SEND;
        boolean anew = event == IntentState.Event.RETRY && intent.state() != IntentState.REFUSED;
        update.setString(1, next.name());
        update.setLong(2, now);
        update.setString(3, reason(intent, next, note));
        Micros.set(update, 4, sent ? Optional.of(Micros.instant(now)) : Optional.empty());
        update.setLong(5, anew ? 0 : Math.max(0, intent.sends() + (sent ? 1 : isUndone(event) ? -1 : 0)));
        update.setString(6, note.recordId().orElse(null));
        update.setBytes(7, note.answer().orElse(null));
        update.setString(8, note.known().map(known -> String.join(" ", known)).orElse(null));
        update.setLong(9, intent.id());
        update.addBatch();
    }

    private static boolean isUndone(IntentState.Event event) {
        return event == IntentState.Event.NOT_TAKEN || event == IntentState.Event.REJECTED;
    }

    /** That a person wants it done stands until it is settled. */
    private static String reason(Intent intent, IntentState next, Intent.Note note) {
        return intent.isReleased() && (next == IntentState.PLANNED || next == IntentState.SENT)
                ? Intent.RELEASED
                : note.reason().orElse(null);
    }

    @Override
    public Optional<Intent> get(long id) {
        return reader.read(h -> get(h, id));
    }

    private static Optional<Intent> get(Handle h, long id) {
        return get(h, List.of(id)).stream().findFirst();
    }

    @Override
    public List<Intent> get(Collection<Long> ids) {
        return reader.read(h -> get(h, ids));
    }

    private static List<Intent> get(Handle h, Collection<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<Long> all = List.copyOf(ids);
        Map<Long, Intent> found = new HashMap<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            h.createQuery(SELECT + "i.id IN (<ids>)")
                    .bindList("ids", all.subList(from, Math.min(from + CHUNK, all.size())))
                    .map(JdbcIntents::toIntent)
                    .forEach(intent -> found.put(intent.id(), intent));
        }
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    @Override
    public Map<String, Long> count(IntentState state) {
        return reader.read(h -> {
            Map<String, Long> counts = new TreeMap<>();
            h.select(
                            "SELECT s.connection, COUNT(*) AS intents FROM intent i JOIN source s ON s.id = i.source_id"
                                    + " WHERE i.state = ? GROUP BY s.connection",
                            state.name())
                    .map((row, context) -> counts.put(row.getString("connection"), row.getLong("intents")))
                    .list();
            return counts;
        });
    }

    @Override
    public List<Intent> list(Set<IntentState> states, int limit) {
        List<String> names = states.stream().map(IntentState::name).toList();
        return reader.read(h -> h.createQuery(SELECT + "i.state IN (<states>) ORDER BY i.id DESC LIMIT " + limit)
                .bindList("states", names)
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public List<Intent> open(long sourceId) {
        return reader.read(h -> h.select(
                        SELECT + "i.state = ? AND i.source_id = ? ORDER BY i.id", IntentState.SENT.name(), sourceId)
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public List<Intent> released(long sourceId) {
        return reader.read(h -> h.select(
                        SELECT + "i.source_id = ? AND i.state = ? AND i.reason = ? ORDER BY i.id",
                        sourceId,
                        IntentState.PLANNED.name(),
                        Intent.RELEASED)
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public List<Intent> waiting(long sourceId) {
        return reader.read(h -> h.select(
                        SELECT + "i.source_id = ? AND i.state = ? ORDER BY i.id", sourceId, IntentState.WAITING.name())
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public List<Intent> sentSince(long sourceId, String resource, String operation, Instant since) {
        return reader.read(h -> h.select(
                        SELECT + "i.source_id = ? AND i.state IN ('SENT', 'CONFIRMED', 'UNKNOWN') AND i.resource = ?"
                                + " AND i.operation = ? AND i.state_since >= ? AND i.sent_at >= ? ORDER BY i.sent_at",
                        sourceId,
                        resource,
                        operation,
                        Micros.of(since),
                        Micros.of(since))
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public List<Intent> sentAgain(long sourceId, Instant since) {
        return reader.read(h -> h.select(
                        SELECT + "i.state = ? AND i.source_id = ? AND i.sends > 1 AND i.state_since >= ? ORDER BY i.id",
                        IntentState.CONFIRMED.name(),
                        sourceId,
                        Micros.of(since))
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public Set<String> made(long sourceId, String resource, Collection<String> recordIds) {
        if (recordIds.isEmpty()) {
            return Set.of();
        }
        return reader.read(h -> new HashSet<>(h.createQuery("SELECT record_id FROM intent WHERE source_id = :source"
                        + " AND resource = :resource AND state = 'CONFIRMED' AND record_id IN (<ids>)")
                .bind("source", sourceId)
                .bind("resource", resource)
                .bindList("ids", List.copyOf(recordIds))
                .mapTo(String.class)
                .list()));
    }

    @Override
    public List<Intent> confirmedBefore(long sourceId, String resource, Instant before, int limit) {
        return reader.read(h -> h.select(
                        SELECT + "i.source_id = ? AND i.state = ? AND i.resource = ? AND i.state_since < ?"
                                + " ORDER BY i.state_since DESC LIMIT ?",
                        sourceId,
                        IntentState.CONFIRMED.name(),
                        resource,
                        Micros.of(before),
                        limit)
                .map(JdbcIntents::toIntent)
                .list());
    }

    @Override
    public Map<String, List<Intent.Meant>> meaning(long sourceId, String resource, Collection<String> naturalKeys) {
        if (naturalKeys.isEmpty()) {
            return Map.of();
        }
        Map<ByteBuffer, String> keys = new HashMap<>();
        naturalKeys.forEach(key -> keys.put(ByteBuffer.wrap(KeyHash.of(key)), key));
        return reader.read(h -> {
            Map<String, List<Intent.Meant>> meant = new HashMap<>();
            h.createQuery("SELECT id, natural_key, state, sends, record_id FROM intent WHERE source_id = :source"
                            + " AND resource = :resource AND natural_key IN (<keys>) ORDER BY id DESC")
                    .bind("source", sourceId)
                    .bind("resource", resource)
                    .bindList(
                            "keys",
                            keys.keySet().stream().map(ByteBuffer::array).toList())
                    .map((row, context) -> meant.computeIfAbsent(
                                    keys.get(ByteBuffer.wrap(row.getBytes("natural_key"))), none -> new ArrayList<>())
                            .add(new Intent.Meant(
                                    row.getLong("id"),
                                    IntentState.valueOf(row.getString("state")),
                                    row.getInt("sends"),
                                    Optional.ofNullable(row.getString("record_id")))))
                    .list();
            return meant;
        });
    }

    @Override
    public long forget(Instant before) {
        return writer.full(h -> h.execute(
                "UPDATE intent SET request = ?, answer = NULL WHERE state IN ('CONFIRMED', 'DROPPED')"
                        + " AND state_since < ? AND length(request) > 0",
                new byte[0],
                Micros.of(before)));
    }

    private static Intent toIntent(ResultSet row, StatementContext context) throws SQLException {
        String known = row.getString("known");
        return new Intent(
                row.getLong("id"),
                row.getLong("source_id"),
                row.getString("connection"),
                row.getString("resource"),
                row.getString("operation"),
                row.getString("route_id"),
                IntentState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                Micros.instant(row.getLong("planned_at")),
                Micros.instant(row.getLong("state_since")),
                Micros.instant(row, "sent_at"),
                row.getInt("sends"),
                Optional.ofNullable(row.getString("record_id")),
                known.isEmpty() ? List.of() : List.of(known.split(" ")),
                row.getBytes("request"),
                Optional.ofNullable(row.getBytes("answer")));
    }
}
