package io.crmbridge.state;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

final class JdbcQuotas implements Quotas {
    private static final String SAVE = "INSERT INTO quota (source_id, limits, recent, share, refusals, refused_at,"
            + " quiet_until, spent_at, saved_at, clean) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (source_id) DO UPDATE SET limits = excluded.limits, recent = excluded.recent,"
            + " share = excluded.share, refusals = excluded.refusals, refused_at = excluded.refused_at,"
            + " quiet_until = excluded.quiet_until, spent_at = excluded.spent_at, saved_at = excluded.saved_at,"
            + " clean = excluded.clean";
    private static final String SAVE_MINUTE = "INSERT INTO quota_minute (source_id, minute, calls) VALUES (?, ?, ?)"
            + " ON CONFLICT (source_id, minute) DO UPDATE SET calls = excluded.calls";

    private final Reader reader;
    private final Writer writer;

    JdbcQuotas(Reader reader, Writer writer) {
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public Optional<Usage> load(long sourceId) {
        return Optional.ofNullable(all().get(sourceId));
    }

    @Override
    public CompletionStage<Void> save(long sourceId, Usage usage, Instant minutesFrom) {
        return writer.quick(h -> {
            PreparedStatement save = writer.prepared(SAVE);
            save.setLong(1, sourceId);
            save.setString(2, usage.limits());
            save.setBytes(3, bytes(usage.recent()));
            save.setInt(4, usage.slowed().map(Slowed::share).orElse(100));
            save.setInt(5, usage.slowed().map(Slowed::refusals).orElse(0));
            Micros.set(save, 6, usage.slowed().map(Slowed::at));
            Micros.set(save, 7, usage.slowed().map(Slowed::until));
            Micros.set(save, 8, usage.spentAt());
            save.setLong(9, Micros.of(usage.savedAt()));
            save.setBoolean(10, usage.clean());
            save.executeUpdate();
            PreparedStatement minute = writer.prepared(SAVE_MINUTE);
            for (Map.Entry<Instant, Integer> calls : usage.minutes().entrySet()) {
                minute.setLong(1, sourceId);
                minute.setLong(2, Micros.of(calls.getKey()));
                minute.setInt(3, calls.getValue());
                minute.addBatch();
            }
            minute.executeBatch();
            PreparedStatement forget = writer.prepared("DELETE FROM quota_minute WHERE source_id = ? AND minute < ?");
            forget.setLong(1, sourceId);
            forget.setLong(2, Micros.of(minutesFrom));
            forget.executeUpdate();
            return null;
        });
    }

    @Override
    public CompletionStage<Void> forget(long sourceId) {
        return writer.quick(h -> {
            h.execute("DELETE FROM quota_minute WHERE source_id = ?", sourceId);
            h.execute("DELETE FROM quota WHERE source_id = ?", sourceId);
            return null;
        });
    }

    @Override
    public Map<Long, Usage> all() {
        return reader.read(h -> {
            Map<Long, SortedMap<Instant, Integer>> minutes = new HashMap<>();
            h.select("SELECT * FROM quota_minute")
                    .map((row, context) -> minutes.computeIfAbsent(row.getLong("source_id"), id -> new TreeMap<>())
                            .put(Micros.instant(row.getLong("minute")), row.getInt("calls")))
                    .list();
            Map<Long, Usage> all = new TreeMap<>();
            h.select("SELECT * FROM quota")
                    .map((row, context) -> all.put(
                            row.getLong("source_id"),
                            usage(row, minutes.getOrDefault(row.getLong("source_id"), new TreeMap<>()))))
                    .list();
            return all;
        });
    }

    private static Usage usage(ResultSet row, SortedMap<Instant, Integer> minutes) throws SQLException {
        Optional<Instant> refusedAt = Micros.instant(row, "refused_at");
        Optional<Instant> quietUntil = Micros.instant(row, "quiet_until");
        int share = row.getInt("share");
        int refusals = row.getInt("refusals");
        return new Usage(
                row.getString("limits"),
                instants(row.getBytes("recent")),
                minutes,
                refusedAt.map(at -> new Slowed(share, refusals, at, quietUntil.orElse(at))),
                Micros.instant(row, "spent_at"),
                Micros.instant(row.getLong("saved_at")),
                row.getBoolean("clean"));
    }

    private static byte[] bytes(List<Instant> instants) {
        ByteBuffer bytes = ByteBuffer.allocate(instants.size() * Long.BYTES);
        instants.forEach(instant -> bytes.putLong(Micros.of(instant)));
        return bytes.array();
    }

    private static List<Instant> instants(byte[] stored) {
        List<Instant> instants = new ArrayList<>(stored.length / Long.BYTES);
        for (ByteBuffer bytes = ByteBuffer.wrap(stored); bytes.remaining() >= Long.BYTES; ) {
            instants.add(Micros.instant(bytes.getLong()));
        }
        return instants;
    }
}
