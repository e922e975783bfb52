package io.crmbridge.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

final class JdbcSchedules implements Schedules {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSchedules(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Schedule plan(String bundle, String routeId, Optional<Instant> next) {
        return writer.full(h -> {
            plan(h, bundle, routeId, next);
            return h.select("SELECT * FROM schedule WHERE bundle = ? AND route_id = ?", bundle, routeId)
                    .map(JdbcSchedules::toSchedule)
                    .one();
        });
    }

    private void plan(Handle h, String bundle, String routeId, Optional<Instant> next) {
        h.execute(
                "INSERT INTO schedule (bundle, route_id, since, next_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (bundle, route_id) DO UPDATE SET next_at = excluded.next_at",
                bundle,
                routeId,
                Micros.of(clock.instant()),
                Micros.of(next));
    }

    @Override
    public void fired(String bundle, String routeId, Instant due, Optional<Instant> next) {
        writer.full(h -> {
            plan(h, bundle, routeId, next);
            return h.execute(
                    "UPDATE schedule SET attempts = CASE WHEN due_at = ? THEN attempts + 1 ELSE 1 END,"
                            + " effects = CASE WHEN due_at = ? THEN effects ELSE '' END,"
                            + " due_at = ?, fired_at = ?, ended_at = NULL, failure = NULL"
                            + " WHERE bundle = ? AND route_id = ?",
                    Micros.of(due),
                    Micros.of(due),
                    Micros.of(due),
                    Micros.of(clock.instant()),
                    bundle,
                    routeId);
        });
    }

    @Override
    public void postponed(String bundle, String routeId, Instant due, String failure, String effects) {
        writer.full(h -> h.execute(
                "UPDATE schedule SET failure = ?, effects = ? WHERE bundle = ? AND route_id = ? AND due_at = ?",
                failure,
                effects,
                bundle,
                routeId,
                Micros.of(due)));
    }

    @Override
    public void ended(String bundle, String routeId, Instant due, Optional<String> failure) {
        writer.full(h -> {
            Long now = Micros.of(clock.instant());
            h.execute(
                    "UPDATE schedule SET ended_at = ?, failure = ? WHERE bundle = ? AND route_id = ? AND due_at = ?",
                    now,
                    failure.orElse(null),
                    bundle,
                    routeId,
                    Micros.of(due));
            if (failure.isEmpty()) {
                h.execute(
                        "UPDATE schedule SET succeeded_at = ? WHERE bundle = ? AND route_id = ?", now, bundle, routeId);
            }
            return null;
        });
    }

    @Override
    public List<Schedule> all() {
        return reader.read(h -> h.select("SELECT * FROM schedule ORDER BY bundle, route_id")
                .map(JdbcSchedules::toSchedule)
                .list());
    }

    private static Schedule toSchedule(ResultSet row, StatementContext context) throws SQLException {
        return new Schedule(
                row.getString("bundle"),
                row.getString("route_id"),
                Micros.instant(row.getLong("since")),
                Micros.instant(row, "due_at"),
                Micros.instant(row, "fired_at"),
                Micros.instant(row, "ended_at"),
                Optional.ofNullable(row.getString("failure")),
                Micros.instant(row, "succeeded_at"),
                Micros.instant(row, "next_at"),
                row.getInt("attempts"),
                row.getString("effects"));
    }
}
