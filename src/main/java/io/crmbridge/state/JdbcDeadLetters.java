package io.crmbridge.state;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class JdbcDeadLetters implements DeadLetters {
    private static final String SELECT = "SELECT d.*, s.route_id, f.name AS feed FROM dead_letter d"
            + " JOIN subscription s ON s.id = d.subscription_id JOIN feed f ON f.id = s.feed_id ";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcDeadLetters(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public List<DeadLetter> list(boolean all) {
        return reader.read(h -> select(h, (all ? "" : "WHERE d.state = 'DEAD' ") + "ORDER BY d.id DESC"));
    }

    @Override
    public Optional<DeadLetter> get(long id) {
        return reader.read(h -> select(h, "WHERE d.id = ?", id).stream().findFirst());
    }

    @Override
    public boolean replay(long id) {
        return writer.full(h -> {
            Optional<DeadLetter> letter = move(h, id, State.REPLAYED);
            letter.ifPresent(l -> JdbcSubscriptions.park(
                    h,
                    l.subscriptionId(),
                    new Subscriptions.ParkedEntry(
                            l.seq(), l.recordId(), 0, 0, clock.instant(), "replayed", effects(h, id))));
            return letter.isPresent();
        });
    }

    private static String effects(Handle h, long id) {
        return h.select("SELECT effects FROM dead_letter WHERE id = ?", id)
                .mapTo(String.class)
                .one();
    }

    @Override
    public boolean drop(long id) {
        return writer.full(h -> move(h, id, State.DROPPED).isPresent());
    }

    private Optional<DeadLetter> move(Handle h, long id, State next) {
        Optional<DeadLetter> letter = select(h, "WHERE d.id = ?", id).stream()
                .filter(l -> l.state().allows(next))
                .findFirst();
        letter.ifPresent(l -> h.execute(
                "UPDATE dead_letter SET state = ?, state_since = ? WHERE id = ?",
                next.name(),
                Micros.of(clock.instant()),
                id));
        return letter;
    }

    private static List<DeadLetter> select(Handle h, String where, Object... values) {
        return h.select(SELECT + where, values)
                .map((row, context) -> new DeadLetter(
                        row.getLong("id"),
                        row.getLong("subscription_id"),
                        row.getString("route_id"),
                        row.getString("feed"),
                        row.getLong("seq"),
                        row.getString("record_id"),
                        row.getInt("attempts"),
                        row.getString("reason"),
                        Micros.instant(row.getLong("died_at")),
                        State.valueOf(row.getString("state"))))
                .list();
    }
}
