package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to a shared database. Its holder gives signs of life; when none has come for a while, by the
 * database's clock, another bridge takes the next lease, and each transaction of the former holder is refused.
 *
 * <p>A holder that was frozen must not act on what it read before: when it gave no sign for as long as others wait, it
 * reads nothing until its next one went through. What it had handed to a target by then is the window that remains.
 */
final class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final int BEATS = 5;
    static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    /** A row that is locked belongs to a transaction of a holder that lives, however long that takes. */
    private static final String TAKE = "UPDATE holder SET lease = lease + 1, node = ?, since = " + NOW + ", until = "
            + NOW + " + ? WHERE ctid = (SELECT ctid FROM holder WHERE until < " + NOW + " FOR UPDATE SKIP LOCKED)"
            + " RETURNING lease";

    private static final String STAND_BY = "INSERT INTO standby (node, since, until) VALUES (?, " + NOW + ", " + NOW
            + " + ?) ON CONFLICT (node) DO UPDATE SET until = excluded.until";

    private final long number;
    private final String place;
    private final Duration takeover;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bridge-store-lease");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long goodUntil;

    private Lease(long number, String place, Duration takeover, long goodUntil) {
        this.number = number;
        this.place = place;
        this.takeover = takeover;
        this.goodUntil = goodUntil;
    }

    /** @throws StoreException of kind TAKEN when another bridge has it; this one is on record as waiting then */
    static Lease take(DataSource data, String place, Duration takeover) throws SQLException {
        String node = ManagementFactory.getRuntimeMXBean().getName();
        long begun = System.nanoTime();
        try (Connection connection = data.getConnection()) {
            try (PreparedStatement take = connection.prepareStatement(TAKE)) {
                take.setString(1, node);
                take.setLong(2, micros(takeover));
                try (ResultSet row = take.executeQuery()) {
                    if (row.next()) {
                        try (PreparedStatement active =
                                connection.prepareStatement("DELETE FROM standby WHERE node = ? OR until < " + NOW)) {
                            active.setString(1, node);
                            active.executeUpdate();
                        }
                        return new Lease(row.getLong(1), place, takeover, begun + takeover.toNanos());
                    }
                }
            }
            try (PreparedStatement standBy = connection.prepareStatement(STAND_BY)) {
                standBy.setString(1, node);
                standBy.setLong(2, micros(takeover));
                standBy.executeUpdate();
            }
            throw new StoreException(
                    Kind.TAKEN,
                    "%s is active on %s: this one stands by, and takes over when that one stops or gives no sign of life"
                            .formatted(holder(connection), place));
        }
    }

    private static String holder(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT node, since FROM holder");
                ResultSet row = select.executeQuery()) {
            row.next();
            return "bridge %s, since %s,".formatted(row.getString(1), Micros.instant(row.getLong(2)));
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    long number() {
        return number;
    }

    CompletableFuture<Void> lost() {
        return lost;
    }

    /** Tells that a transaction was refused. */
    StoreException refused() {
        lost.complete(null);
        return new StoreException(
                Kind.LEASE_LOST,
                "another bridge has taken over %s: this one stops polling and delivering".formatted(place));
    }

    /** @throws StoreException when another bridge may have taken over, and this one does not know yet */
    void check() {
        if (lost.isDone()) {
            throw refused();
        }
        if (System.nanoTime() - goodUntil > 0) {
            throw new StoreException(
                    Kind.UNAVAILABLE,
                    "%s has had no sign of life from this bridge for longer than bridge.store.takeover: it waits until it knows that no other one has taken over"
                            .formatted(place));
        }
    }

    /** Gives signs of life, through the writer: so they also show that it works. */
    void keep(Writer writer) {
        long each = takeover.toNanos() / BEATS;
        beats.scheduleWithFixedDelay(() -> beat(writer), each, each, TimeUnit.NANOSECONDS);
    }

    private void beat(Writer writer) {
        long begun = System.nanoTime();
        try {
            Writer.await(writer.quick(h ->
                    h.execute("UPDATE holder SET until = " + NOW + " + ? WHERE lease = ?", micros(takeover), number)));
            goodUntil = begun + takeover.toNanos();
        } catch (StoreException e) {
            if (!lost.isDone()) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    /** Lets the next one take over at once. */
    void release(Writer writer) {
        beats.shutdownNow();
        if (!lost.isDone()) {
            try {
                writer.full(h -> h.execute("UPDATE holder SET until = 0 WHERE lease = ?", number));
            } catch (StoreException e) {
                LOG.debug("the next bridge has to wait for bridge.store.takeover: {}", e.getMessage());
            }
        }
    }

    /** The active bridge, if there is one, and those that wait. */
    static List<Store.Node> nodes(Handle handle) {
        return handle.select("SELECT 0 AS place, node, since FROM holder WHERE until >= " + NOW
                        + " UNION ALL SELECT 1, node, since FROM standby WHERE until >= " + NOW + " ORDER BY 1, 3")
                .map((row, context) -> new Store.Node(
                        row.getString("node"), row.getInt("place") == 0, Micros.instant(row.getLong("since"))))
                .list();
    }
}
