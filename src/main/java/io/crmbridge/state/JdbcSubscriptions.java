package io.crmbridge.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

final class JdbcSubscriptions implements Subscriptions {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSubscriptions(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Subscription open(
            String bundle, String name, String routeId, long feedId, Subscription.StartFrom startFrom, String options) {
        return writer.full(h -> {
            Optional<Subscription> known = h.select(
                            "UPDATE subscription SET route_id = ?, options = ?, last_started_at = ?"
                                    + " WHERE bundle = ? AND name = ? AND feed_id = ? RETURNING *",
                            routeId,
                            options,
                            now(),
                            bundle,
                            name,
                            feedId)
                    .map(JdbcSubscriptions::toSubscription)
                    .findOne();
            if (known.isPresent()) {
                return known.get();
            }
            long head = writer.draw(0);
            boolean paused = h.select("SELECT paused FROM route WHERE bundle = ? AND route_id = ?", bundle, routeId)
                    .mapTo(Boolean.class)
                    .findOne()
                    .orElse(false);
            Subscription created = h.select(
                            "INSERT INTO subscription (bundle, name, route_id, feed_id, start_from, position, state,"
                                    + " reason, state_since, last_started_at, options)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                            bundle,
                            name,
                            routeId,
                            feedId,
                            startFrom.name(),
                            startFrom == Subscription.StartFrom.BEGINNING ? 0 : head,
                            (paused ? Subscription.State.PAUSED : Subscription.State.ACTIVE).name(),
                            paused ? Subscription.PAUSED_BY_A_PERSON : null,
                            now(),
                            now(),
                            options)
                    .map(JdbcSubscriptions::toSubscription)
                    .one();
            if (startFrom == Subscription.StartFrom.MIRROR) {
                JdbcChangeLog.readdress(writer, h, feedId, created.id());
            }
            return created;
        });
    }

    @Override
    public List<Subscription> all() {
        return reader.read(h -> h.select("SELECT * FROM subscription ORDER BY bundle, name, feed_id")
                .map(JdbcSubscriptions::toSubscription)
                .list());
    }

    @Override
    public CompletionStage<Void> save(Progress p) {
        return writer.quick(h -> {
            move(p);
            p.parked().forEach(entry -> park(h, p.subscriptionId(), entry));
            p.unparked()
                    .forEach(seq -> h.execute(
                            "DELETE FROM parked WHERE subscription_id = ? AND seq = ?", p.subscriptionId(), seq));
            p.endedBatches()
                    .forEach(first -> h.execute(
                            "DELETE FROM batch WHERE subscription_id = ? AND first_seq = ?",
                            p.subscriptionId(),
                            first));
            p.dead().forEach(dead -> bury(h, p.subscriptionId(), dead));
            return null;
        });
    }

    private void move(Progress p) throws SQLException {
        PreparedStatement update = writer.prepared("UPDATE subscription SET position = ?, done_above = ?,"
                + " delivered = delivered + ?, handled = handled + ?,"
                + " last_delivered_at = coalesce(?, last_delivered_at) WHERE id = ?");
        update.setLong(1, p.position());
        update.setString(2, p.doneAbove());
        update.setLong(3, p.delivered());
        update.setLong(4, p.handled());
        Micros.set(update, 5, p.lastDeliveredAt());
        update.setLong(6, p.subscriptionId());
        update.executeUpdate();
    }

    static void park(Handle h, long subscriptionId, ParkedEntry entry) {
        h.execute(
                "INSERT INTO parked (subscription_id, seq, record_id, batch, attempts, next_try_at, reason, effects)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subscription_id, seq) DO UPDATE SET"
                        + " batch = excluded.batch, attempts = excluded.attempts, next_try_at = excluded.next_try_at,"
                        + " reason = excluded.reason, effects = excluded.effects",
                subscriptionId,
                entry.seq(),
                entry.recordId(),
                entry.batch(),
                entry.attempts(),
                Micros.of(entry.nextTryAt()),
                entry.reason(),
                entry.effects());
    }

    /** Once, also when it comes again because nobody knew whether the first commit had gone through. */
    private void bury(Handle h, long subscriptionId, DeadEntry dead) {
        h.execute(
                "INSERT INTO dead_letter (subscription_id, seq, record_id, attempts, reason, effects, died_at, state,"
                        + " state_since) SELECT ?, ?, ?, ?, ?, ?, ?, 'DEAD', ? WHERE NOT EXISTS (SELECT 1"
                        + " FROM dead_letter d WHERE d.seq = ? AND d.subscription_id = ? AND d.state = 'DEAD')",
                subscriptionId,
                dead.seq(),
                dead.recordId(),
                dead.attempts(),
                dead.reason(),
                dead.effects(),
                now(),
                now(),
                dead.seq(),
                subscriptionId);
    }

    @Override
    public void mark(long subscriptionId, Subscription.State state, Optional<String> reason) {
        writer.quick(h -> h.execute(
                "UPDATE subscription SET state = ?, reason = ?, state_since = ? WHERE id = ?",
                state.name(),
                reason.orElse(null),
                now(),
                subscriptionId));
    }

    @Override
    public List<ParkedEntry> parked(long subscriptionId) {
        return reader.read(h -> h.select("SELECT * FROM parked WHERE subscription_id = ? ORDER BY seq", subscriptionId)
                .map((row, context) -> new ParkedEntry(
                        row.getLong("seq"),
                        row.getString("record_id"),
                        row.getLong("batch"),
                        row.getInt("attempts"),
                        Micros.instant(row.getLong("next_try_at")),
                        row.getString("reason"),
                        row.getString("effects")))
                .list());
    }

    @Override
    public List<List<Long>> batches(long subscriptionId) {
        return reader.read(h -> h.select(
                        "SELECT seqs FROM batch WHERE subscription_id = ? ORDER BY first_seq", subscriptionId)
                .map((row, context) -> Arrays.stream(row.getString(1).split(","))
                        .map(Long::valueOf)
                        .toList())
                .list());
    }

    @Override
    public void begin(long subscriptionId, List<List<Long>> batches) {
        writer.full(h -> {
            for (List<Long> batch : batches) {
                h.execute(
                        "INSERT INTO batch (subscription_id, first_seq, seqs) VALUES (?, ?, ?)"
                                + " ON CONFLICT (subscription_id, first_seq) DO UPDATE SET seqs = excluded.seqs",
                        subscriptionId,
                        batch.get(0),
                        batch.stream().map(String::valueOf).collect(Collectors.joining(",")));
            }
            return null;
        });
    }

    @Override
    public long waiting(Subscription s) {
        return reader.read(h -> h.select(
                        "SELECT count(*) FROM change WHERE feed_id = ? AND seq > ?"
                                + " AND (addressed_to IS NULL OR addressed_to = ?) AND (NOT baseline OR ? <> 'NOW')",
                        s.feedId(),
                        s.position(),
                        s.id(),
                        s.startFrom().name())
                .mapTo(Long.class)
                .one());
    }

    @Override
    public void routes(String bundle, Map<String, Optional<String>> routes) {
        writer.full(h -> {
            h.execute("UPDATE route SET off_reason = 'it is not in the bundle any more' WHERE bundle = ?", bundle);
            routes.forEach((id, off) -> h.execute(
                    "INSERT INTO route (bundle, route_id, off_reason, seen_at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (bundle, route_id) DO UPDATE SET off_reason = excluded.off_reason,"
                            + " seen_at = excluded.seen_at",
                    bundle,
                    id,
                    off.orElse(null),
                    now()));
            return null;
        });
    }

    @Override
    public List<Route> routes() {
        return reader.read(h -> h.select("SELECT * FROM route ORDER BY bundle, route_id")
                .map((row, context) -> new Route(
                        row.getString("bundle"),
                        row.getString("route_id"),
                        Optional.ofNullable(row.getString("off_reason")),
                        row.getBoolean("paused")))
                .list());
    }

    @Override
    public List<Expired> expire(Collection<Long> alive, Instant before) {
        return writer.full(h -> {
            alive.forEach(id -> h.execute("UPDATE subscription SET last_started_at = ? WHERE id = ?", now(), id));
            List<Subscription> old = h.select(
                            "SELECT * FROM subscription WHERE last_started_at < ? ORDER BY id", Micros.of(before))
                    .map(JdbcSubscriptions::toSubscription)
                    .list();
            return old.stream().map(s -> expire(h, s)).toList();
        });
    }

    private Expired expire(Handle h, Subscription s) {
        Expired expired = h.select(
                        "INSERT INTO expired_place (bundle, name, route_id, feed_id, position, parked, dead,"
                                + " last_started_at, expired_at) SELECT bundle, name, route_id, feed_id, position,"
                                + " (SELECT count(*) FROM parked WHERE subscription_id = s.id),"
                                + " (SELECT count(*) FROM dead_letter d WHERE d.subscription_id = s.id"
                                + " AND d.state = 'DEAD'),"
                                + " last_started_at, ? FROM subscription s WHERE s.id = ? RETURNING *",
                        now(),
                        s.id())
                .map((row, context) -> new Expired(
                        row.getString("bundle"),
                        row.getString("route_id"),
                        row.getLong("feed_id"),
                        row.getLong("position"),
                        row.getLong("parked"),
                        row.getLong("dead")))
                .one();
        h.execute("DELETE FROM parked WHERE subscription_id = ?", s.id());
        h.execute("DELETE FROM batch WHERE subscription_id = ?", s.id());
        h.execute("DELETE FROM dead_letter WHERE subscription_id = ?", s.id());
        h.execute("DELETE FROM subscription WHERE id = ?", s.id());
        return expired;
    }

    @Override
    public void pauseRoute(String bundle, String routeId, boolean paused) {
        writer.full(h -> {
            h.execute("UPDATE route SET paused = ? WHERE bundle = ? AND route_id = ?", paused, bundle, routeId);
            h.execute(
                    "UPDATE subscription SET state = ?, reason = ?, state_since = ? WHERE bundle = ? AND route_id = ?",
                    (paused ? Subscription.State.PAUSED : Subscription.State.ACTIVE).name(),
                    paused ? Subscription.PAUSED_BY_A_PERSON : null,
                    now(),
                    bundle,
                    routeId);
            return null;
        });
    }

    private long now() {
        return Micros.of(clock.instant());
    }

    private static Subscription toSubscription(ResultSet row, StatementContext context) throws SQLException {
        return new Subscription(
                row.getLong("id"),
                row.getString("bundle"),
                row.getString("name"),
                row.getString("route_id"),
                row.getLong("feed_id"),
                Subscription.StartFrom.valueOf(row.getString("start_from")),
                row.getLong("position"),
                row.getString("done_above"),
                Subscription.State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                Micros.instant(row.getLong("state_since")),
                row.getLong("delivered"),
                row.getLong("handled"),
                Micros.instant(row, "last_delivered_at"),
                Optional.ofNullable(row.getString("options")));
    }
}
