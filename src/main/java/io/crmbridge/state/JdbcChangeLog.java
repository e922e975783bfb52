package io.crmbridge.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Appending and reading are the hot path, so they speak JDBC directly. */
final class JdbcChangeLog implements ChangeLog {
    private static final String COLUMNS =
            "seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body";
    private static final String APPEND =
            "INSERT INTO change (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String REFLECT = "INSERT INTO mirror (feed_id, record_id, seq, raw_hash, recent)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (feed_id, record_id) DO UPDATE SET seq = excluded.seq,"
            + " raw_hash = excluded.raw_hash, recent = excluded.recent";
    private static final String PURGE = "DELETE FROM change WHERE seq IN (SELECT seq FROM change WHERE observed_at < ?"
            + " AND NOT EXISTS (SELECT 1 FROM mirror WHERE mirror.feed_id = change.feed_id"
            + "   AND mirror.record_id = change.record_id AND mirror.seq = change.seq)"
            + " AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.feed_id = change.feed_id"
            + "   AND s.position < change.seq)"
            + " AND (NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.feed_id = change.feed_id)"
            + "   OR EXISTS (SELECT 1 FROM subscription s WHERE s.feed_id = change.feed_id))"
            + " AND NOT EXISTS (SELECT 1 FROM parked WHERE parked.seq = change.seq)"
            + " AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.seq = change.seq AND d.state = 'DEAD')"
            + " ORDER BY seq LIMIT ?)";
    /** Small enough that polls and moves, which wait meanwhile, do not notice. */
    private static final int PURGED_AT_ONCE = 5_000;

    private static final int LOOK_UP = 500;

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcChangeLog(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public long commit(PollCommit poll) {
        return writer.full(h -> {
            JdbcSources.save(writer, poll.state());
            long head = append(poll);
            poll.gap()
                    .ifPresent(gap -> h.execute(
                            "INSERT INTO gap (feed_id, from_at, to_at, reason, opened_at) VALUES (?, ?, ?, ?, ?)",
                            poll.state().id(),
                            Micros.of(gap.from()),
                            Micros.of(gap.to()),
                            gap.reason(),
                            Micros.of(clock.instant())));
            for (PollCommit.QuarantinedRow row : poll.quarantined()) {
                h.execute(
                        "INSERT INTO quarantine (feed_id, hash, reason, first_seen, last_seen, body)"
                                + " VALUES (?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (feed_id, hash) DO UPDATE SET last_seen = excluded.last_seen",
                        poll.state().id(),
                        row.hash(),
                        row.reason(),
                        Micros.of(clock.instant()),
                        Micros.of(clock.instant()),
                        row.body());
            }
            return head;
        });
    }

    private long append(PollCommit poll) throws SQLException {
        long seq = writer.draw(poll.changes().size());
        if (poll.changes().isEmpty()) {
            return seq;
        }
        long feedId = poll.state().id();
        long now = Micros.of(clock.instant());
        PreparedStatement change = writer.prepared(APPEND);
        PreparedStatement mirror = writer.prepared(REFLECT);
        for (int i = 0; i < poll.changes().size(); i++) {
            NewChange news = poll.changes().get(i);
            seq++;
            bind(change, seq, feedId, now, news);
            change.addBatch();
            mirror.setLong(1, feedId);
            mirror.setString(2, news.recordId());
            mirror.setLong(3, seq);
            mirror.setBytes(4, news.rawHash());
            mirror.setBytes(5, poll.recentMarks().get(i));
            mirror.addBatch();
        }
        change.executeBatch();
        mirror.executeBatch();
        return seq;
    }

    /** Appends what no mirror shows. */
    static void append(Writer writer, long feedId, long now, List<NewChange> changes) throws SQLException {
        long seq = writer.draw(changes.size());
        PreparedStatement change = writer.prepared(APPEND);
        for (NewChange news : changes) {
            seq++;
            bind(change, seq, feedId, now, news);
            change.addBatch();
        }
        change.executeBatch();
    }

    private static void bind(PreparedStatement change, long seq, long feedId, long now, NewChange news)
            throws SQLException {
        change.setLong(1, seq);
        change.setLong(2, feedId);
        change.setString(3, news.recordId());
        change.setString(4, news.version());
        change.setBytes(5, news.hash());
        change.setString(6, news.kind().label());
        change.setBoolean(7, news.firstSeen());
        change.setBoolean(8, news.baseline());
        change.setString(
                9, news.changedFields().isEmpty() ? null : Writer.text(String.join("\n", news.changedFields())));
        change.setLong(10, news.previous());
        change.setLong(11, now);
        change.setBytes(12, news.body());
    }

    @Override
    public long head() {
        return reader.read(h ->
                h.select(reader.dialect().head()).mapTo(Long.class).findOne().orElse(0L));
    }

    @Override
    public List<Change> read(long feedId, long subscriptionId, long after, int limit) {
        return query(
                "SELECT " + COLUMNS + " FROM change WHERE feed_id = ? AND seq > ?"
                        + " AND (addressed_to IS NULL OR addressed_to = ?) ORDER BY seq LIMIT ?",
                feedId,
                after,
                subscriptionId,
                limit);
    }

    @Override
    public Optional<Change> get(long seq) {
        return query("SELECT " + COLUMNS + " FROM change WHERE seq = ?", seq).stream()
                .findFirst();
    }

    @Override
    public List<Change> get(Collection<Long> seqs) {
        List<Change> all = new ArrayList<>(seqs.size());
        for (List<Long> some : chunks(seqs)) {
            all.addAll(query(
                    "SELECT " + COLUMNS + " FROM change WHERE seq IN (" + marks(some.size()) + ") ORDER BY seq",
                    some.toArray()));
        }
        return all;
    }

    @Override
    public List<Change> snapshot(long feedId, long after, int limit) {
        return query(
                "SELECT " + COLUMNS + " FROM change WHERE feed_id = ? AND seq > ? AND EXISTS (SELECT 1 FROM mirror"
                        + " WHERE mirror.feed_id = change.feed_id AND mirror.record_id = change.record_id"
                        + " AND mirror.seq = change.seq) ORDER BY seq LIMIT ?",
                feedId,
                after,
                limit);
    }

    @Override
    public Map<String, MirrorRow> mirror(long feedId, Collection<String> recordIds) {
        Map<String, MirrorRow> found = new HashMap<>();
        for (List<String> some : chunks(recordIds)) {
            reader.read(h -> {
                try (PreparedStatement select = h.getConnection()
                        .prepareStatement("SELECT record_id, seq, raw_hash, recent FROM mirror WHERE feed_id = ?"
                                + " AND record_id IN (" + marks(some.size()) + ")")) {
                    select.setLong(1, feedId);
                    for (int i = 0; i < some.size(); i++) {
                        select.setString(i + 2, some.get(i));
                    }
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            found.put(
                                    rows.getString(1),
                                    new MirrorRow(
                                            rows.getString(1), rows.getLong(2), rows.getBytes(3), rows.getBytes(4)));
                        }
                    }
                }
                return null;
            });
        }
        return found;
    }

    @Override
    public long mirrored(long feedId) {
        return reader.read(h -> h.select("SELECT count(*) FROM mirror WHERE feed_id = ?", feedId)
                .mapTo(Long.class)
                .one());
    }

    @Override
    public Set<String> listed(long feedId) {
        return reader.read(h -> h.select(
                        "SELECT m.record_id FROM mirror m JOIN change c ON c.seq = m.seq WHERE m.feed_id = ?"
                                + " AND c.kind <> ?",
                        feedId,
                        ChangeKind.GONE.label())
                .mapTo(String.class)
                .set());
    }

    @Override
    public List<QuarantinedRow> quarantined(long feedId) {
        return reader.read(h -> h.select("SELECT * FROM quarantine WHERE feed_id = ? ORDER BY last_seen DESC", feedId)
                .map((row, context) -> new QuarantinedRow(
                        row.getString("reason"),
                        Micros.instant(row.getLong("first_seen")),
                        Micros.instant(row.getLong("last_seen"))))
                .list());
    }

    @Override
    public long purge(Instant before) {
        long removed = 0;
        long some;
        do {
            some = writer.full(h -> (long) h.execute(PURGE, Micros.of(before), PURGED_AT_ONCE));
            removed += some;
        } while (some == PURGED_AT_ONCE);
        return removed;
    }

    @Override
    public long bytes() {
        return reader.read(reader.dialect()::bytes);
    }

    private List<Change> query(String sql, Object... values) {
        return reader.read(h -> {
            try (PreparedStatement select = h.getConnection().prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    select.setObject(i + 1, values[i]);
                }
                try (ResultSet rows = select.executeQuery()) {
                    List<Change> changes = new ArrayList<>();
                    while (rows.next()) {
                        changes.add(toChange(rows));
                    }
                    return changes;
                }
            }
        });
    }

    private static Change toChange(ResultSet row) throws SQLException {
        String fields = row.getString(9);
        return new Change(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getBytes(5),
                ChangeKind.ofLabel(row.getString(6)),
                row.getBoolean(7),
                row.getBoolean(8),
                fields == null ? List.of() : List.of(fields.split("\n")),
                row.getLong(10),
                Micros.instant(row.getLong(11)),
                row.getBytes(12));
    }

    /** Appends the latest version of every record of a feed that is not gone once more, addressed to one subscription. */
    static void readdress(Writer writer, Handle h, long feedId, long subscriptionId) throws SQLException {
        long head = writer.draw(0);
        int appended = h.execute(
                "INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline,"
                        + " changed_fields, previous, addressed_to, observed_at, codec, key_id, body)"
                        + " SELECT ? + row_number() OVER (ORDER BY c.seq), c.feed_id, c.record_id, c.version, c.hash,"
                        + " c.kind, c.first_seen, FALSE, c.changed_fields, c.previous, ?, c.observed_at, c.codec,"
                        + " c.key_id, c.body"
                        + " FROM change c JOIN mirror m ON m.feed_id = c.feed_id AND m.record_id = c.record_id"
                        + " AND m.seq = c.seq WHERE c.feed_id = ? AND c.kind <> ?",
                head,
                subscriptionId,
                feedId,
                ChangeKind.GONE.label());
        writer.draw(appended);
    }

    private static String marks(int count) {
        return "?" + ", ?".repeat(count - 1);
    }

    private static <T> List<List<T>> chunks(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> chunks = new ArrayList<>();
        for (int at = 0; at < list.size(); at += LOOK_UP) {
            chunks.add(list.subList(at, Math.min(at + LOOK_UP, list.size())));
        }
        return chunks;
    }
}
