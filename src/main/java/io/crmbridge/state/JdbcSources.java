package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

final class JdbcSources implements Sources {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSources(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Source source(String connection, String type) {
        return writer.full(h -> h.select(
                        "INSERT INTO source (connection, type, state, state_since) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (connection) DO UPDATE SET type = excluded.type RETURNING *",
                        connection,
                        type,
                        Source.State.NEW.name(),
                        Micros.of(clock.instant()))
                .map(JdbcSources::toSource)
                .one());
    }

    @Override
    public Source bind(long sourceId, String workspaceId, String workspaceName) {
        return writer.full(h -> {
            Source known = h.select("SELECT * FROM source WHERE id = ?", sourceId)
                    .map(JdbcSources::toSource)
                    .one();
            if (known.workspaceId().isPresent() && !known.workspaceId().get().equals(workspaceId)) {
                throw new StoreException(
                        Kind.OTHER_WORKSPACE,
                        ("connection \"%s\" belongs to workspace %s (%s), but its key now answers for %s (%s): put the"
                                        + " right key back, or give the new workspace a connection name of its own")
                                .formatted(
                                        known.connection(),
                                        known.workspaceId().get(),
                                        known.workspaceName().orElse("?"),
                                        workspaceId,
                                        workspaceName));
            }
            return h.select(
                            "UPDATE source SET workspace_id = ?, workspace_name = ?, state = ?, reason = NULL,"
                                    + " state_since = CASE WHEN state = ? THEN state_since ELSE ? END WHERE id = ?"
                                    + " RETURNING *",
                            workspaceId,
                            workspaceName,
                            Source.State.OK.name(),
                            Source.State.OK.name(),
                            Micros.of(clock.instant()),
                            sourceId)
                    .map(JdbcSources::toSource)
                    .one();
        });
    }

    @Override
    public void mark(long sourceId, Source.State state, Optional<String> reason) {
        writer.full(h -> h.execute(
                "UPDATE source SET state = ?, reason = ?, state_since = ? WHERE id = ?",
                state.name(),
                reason.orElse(null),
                Micros.of(clock.instant()),
                sourceId));
    }

    @Override
    public List<Source> sources() {
        return reader.read(h -> h.select("SELECT * FROM source ORDER BY id")
                .map(JdbcSources::toSource)
                .list());
    }

    @Override
    public FeedState lease(long sourceId, String feed) {
        return writer.full(h -> h.select(
                        "INSERT INTO feed (source_id, name, started_at, lease) VALUES (?, ?, ?, 1)"
                                + " ON CONFLICT (source_id, name) DO UPDATE SET lease = feed.lease + 1 RETURNING *",
                        sourceId,
                        feed,
                        Micros.of(clock.instant()))
                .map(JdbcSources::toFeed)
                .one());
    }

    @Override
    public Optional<FeedState> feed(long feedId) {
        return reader.read(h -> h.select("SELECT * FROM feed WHERE id = ?", feedId)
                .map(JdbcSources::toFeed)
                .findOne());
    }

    @Override
    public List<FeedState> feeds() {
        return reader.read(h -> h.select("SELECT * FROM feed ORDER BY id")
                .map(JdbcSources::toFeed)
                .list());
    }

    @Override
    public void note(
            long feedId, Optional<Instant> lastPollAt, Optional<Instant> freshAt, long polls, Optional<String> error) {
        writer.quick(h -> h.execute(
                "UPDATE feed SET last_poll_at = coalesce(?, last_poll_at), fresh_at = coalesce(?, fresh_at),"
                        + " polls = CASE WHEN polls < ? THEN ? ELSE polls END, error = ? WHERE id = ?",
                Micros.of(lastPollAt),
                Micros.of(freshAt),
                polls,
                polls,
                error.orElse(null),
                feedId));
    }

    @Override
    public List<Gap> gaps(boolean closedToo) {
        return reader.read(h -> h.select(
                        "SELECT gap.*, source.connection, feed.name AS feed FROM gap JOIN feed ON feed.id = gap.feed_id"
                                + " JOIN source ON source.id = feed.source_id"
                                + (closedToo ? "" : " WHERE gap.closed_at IS NULL")
                                + " ORDER BY gap.id")
                .map((row, context) -> new Gap(
                        row.getLong("id"),
                        row.getString("connection"),
                        row.getString("feed"),
                        Micros.instant(row.getLong("from_at")),
                        Micros.instant(row.getLong("to_at")),
                        row.getString("reason"),
                        Micros.instant(row.getLong("opened_at")),
                        Micros.instant(row, "closed_at"),
                        Optional.ofNullable(row.getString("evidence"))))
                .list());
    }

    @Override
    public void closeGap(long gapId, String evidence) {
        writer.full(h -> h.execute(
                "UPDATE gap SET closed_at = ?, evidence = ? WHERE id = ? AND closed_at IS NULL",
                Micros.of(clock.instant()),
                evidence,
                gapId));
    }

    @Override
    public Quarantine quarantine(long feedId, Instant lately) {
        long from = Micros.of(lately);
        return reader.read(h -> h.select(
                        "SELECT count(*) AS met, count(CASE WHEN last_seen >= ? THEN 1 END) AS lately,"
                                + " min(CASE WHEN last_seen >= ? THEN first_seen END) AS since, max(last_seen) AS last"
                                + " FROM quarantine WHERE feed_id = ?",
                        from,
                        from,
                        feedId)
                .map((row, context) -> new Quarantine(
                        row.getLong("met"),
                        row.getLong("lately"),
                        Micros.instant(row, "since"),
                        Micros.instant(row, "last")))
                .one());
    }

    /** Writes what a poll changed of its feed, if the lease still holds. */
    static void save(Writer writer, FeedState feed) throws SQLException {
        PreparedStatement update = writer.prepared("UPDATE feed SET polls = ?, proven = ?, proven_locally = ?,"
                + " history_from = ?, history_complete = ?, learnt_cap = ?, anchors = ?, last_poll_at = ?, fresh_at = ?,"
                + " page_rows = ?, page_cap = ?, error = ?, started_at = ? WHERE id = ? AND lease = ?");
        update.setLong(1, feed.polls());
        Micros.set(update, 2, feed.proven());
        update.setBoolean(3, feed.provenLocally());
        Micros.set(update, 4, feed.historyFrom());
        update.setBoolean(5, feed.historyComplete());
        update.setObject(6, feed.learntCap().orElse(null));
        update.setString(7, Anchors.write(feed.anchors()));
        Micros.set(update, 8, feed.lastPollAt());
        Micros.set(update, 9, feed.freshAt());
        update.setInt(10, feed.pageRows());
        update.setInt(11, feed.pageCap());
        update.setString(12, Writer.text(feed.error().orElse(null)));
        update.setLong(13, Micros.of(feed.startedAt()));
        update.setLong(14, feed.id());
        update.setLong(15, feed.lease());
        if (update.executeUpdate() == 0) {
            throw new StoreException(
                    Kind.LEASE_LOST, "another process polls feed %s now; this one stops".formatted(feed.name()));
        }
    }

    static Source toSource(ResultSet row, StatementContext context) throws SQLException {
        return new Source(
                row.getLong("id"),
                row.getString("connection"),
                row.getString("type"),
                Optional.ofNullable(row.getString("workspace_id")),
                Optional.ofNullable(row.getString("workspace_name")),
                Source.State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                Micros.instant(row.getLong("state_since")));
    }

    static FeedState toFeed(ResultSet row, StatementContext context) throws SQLException {
        int learntCap = row.getInt("learnt_cap");
        Optional<Integer> cap = row.wasNull() ? Optional.empty() : Optional.of(learntCap);
        return new FeedState(
                row.getLong("id"),
                row.getLong("source_id"),
                row.getString("name"),
                row.getLong("lease"),
                row.getLong("polls"),
                Micros.instant(row.getLong("started_at")),
                Micros.instant(row, "proven"),
                row.getBoolean("proven_locally"),
                Micros.instant(row, "history_from"),
                row.getBoolean("history_complete"),
                cap,
                Anchors.read(row.getString("anchors")),
                Micros.instant(row, "last_poll_at"),
                Micros.instant(row, "fresh_at"),
                row.getInt("page_rows"),
                row.getInt("page_cap"),
                Optional.ofNullable(row.getString("error")));
    }
}
