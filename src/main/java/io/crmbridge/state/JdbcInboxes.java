package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class JdbcInboxes implements Inboxes {
    private static final String ENTRY = "ENTRY";
    private static final String EFFECT = "EFFECT";
    private static final String FIND = "SELECT receipt FROM inbox_key WHERE feed_id = ? AND kind = ? AND key_hash = ?";
    private static final String REMEMBER =
            "INSERT INTO inbox_key (feed_id, kind, key_hash, receipt, seen_at) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (feed_id, kind, key_hash) DO NOTHING";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcInboxes(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public List<Receipt> accept(FeedState inbox, Duration window, List<NewEntry> entries) {
        return writer.full(h -> {
            fence(h, inbox);
            Instant now = clock.instant();
            h.execute(
                    "DELETE FROM inbox_key WHERE feed_id = ? AND kind = ? AND seen_at <= ?",
                    inbox.id(),
                    ENTRY,
                    Micros.of(now.minus(window)));
            Sifting sifting = new Sifting(inbox.id());
            for (NewEntry entry : entries) {
                sifting.add(entry);
            }
            JdbcChangeLog.append(writer, inbox.id(), Micros.of(now), sifting.changes);
            sifting.remember(Micros.of(now));
            count(h, inbox.id(), sifting.changes.size(), entries.size() - sifting.changes.size(), 0, 0);
            return sifting.receipts;
        });
    }

    private static void fence(Handle h, FeedState inbox) {
        boolean held = h.select("SELECT lease FROM feed WHERE id = ?", inbox.id())
                .mapTo(Long.class)
                .findOne()
                .filter(lease -> lease == inbox.lease())
                .isPresent();
        if (!held) {
            throw new StoreException(
                    Kind.LEASE_LOST, "another process fills %s now; this one stops".formatted(inbox.name()));
        }
    }

    /** The entries of one request, among themselves and against what is known. */
    private final class Sifting {
        private final long feedId;
        private final List<Receipt> receipts = new ArrayList<>();
        private final List<NewChange> changes = new ArrayList<>();
        private final Map<String, Map<String, String>> met = Map.of(ENTRY, new HashMap<>(), EFFECT, new HashMap<>());

        Sifting(long feedId) {
            this.feedId = feedId;
        }

        void add(NewEntry entry) throws SQLException {
            Optional<String> known = known(EFFECT, entry.effect());
            if (known.isEmpty()) {
                known = known(ENTRY, entry.key());
            }
            String receipt = known.orElse(entry.receipt());
            entry.key().ifPresent(key -> met.get(ENTRY).putIfAbsent(key, receipt));
            entry.effect().ifPresent(key -> met.get(EFFECT).putIfAbsent(key, receipt));
            receipts.add(new Receipt(receipt, known.isEmpty()));
            if (known.isEmpty()) {
                changes.add(new NewChange(
                        Writer.text(entry.key().orElse(receipt)),
                        receipt,
                        entry.hash(),
                        MirrorRow.noRow(),
                        ChangeKind.CREATED,
                        true,
                        false,
                        List.of(),
                        0,
                        entry.body()));
            }
        }

        private Optional<String> known(String kind, Optional<String> key) throws SQLException {
            if (key.isEmpty()) {
                return Optional.empty();
            }
            String here = met.get(kind).get(key.get());
            return here == null ? find(kind, key.get()) : Optional.of(here);
        }

        private Optional<String> find(String kind, String key) throws SQLException {
            PreparedStatement select = writer.prepared(FIND);
            select.setLong(1, feedId);
            select.setString(2, kind);
            select.setBytes(3, KeyHash.of(key));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }

        void remember(long now) throws SQLException {
            PreparedStatement insert = writer.prepared(REMEMBER);
            for (String kind : List.of(ENTRY, EFFECT)) {
                for (Map.Entry<String, String> key : met.get(kind).entrySet()) {
                    insert.setLong(1, feedId);
                    insert.setString(2, kind);
                    insert.setBytes(3, KeyHash.of(key.getKey()));
                    insert.setString(4, key.getValue());
                    insert.setLong(5, now);
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    @Override
    public void count(long feedId, long refused, long dropped) {
        writer.quick(h -> count(h, feedId, 0, 0, refused, dropped));
    }

    private static int count(Handle h, long feedId, long accepted, long duplicates, long refused, long dropped) {
        return h.execute(
                "INSERT INTO inbox (feed_id, accepted, duplicates, refused, dropped) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (feed_id) DO UPDATE SET accepted = inbox.accepted + excluded.accepted,"
                        + " duplicates = inbox.duplicates + excluded.duplicates,"
                        + " refused = inbox.refused + excluded.refused, dropped = inbox.dropped + excluded.dropped",
                feedId,
                accepted,
                duplicates,
                refused,
                dropped);
    }

    @Override
    public List<Tally> tallies() {
        return reader.read(h -> h.select("SELECT * FROM inbox ORDER BY feed_id")
                .map((row, context) -> new Tally(
                        row.getLong("feed_id"),
                        row.getLong("accepted"),
                        row.getLong("duplicates"),
                        row.getLong("refused"),
                        row.getLong("dropped")))
                .list());
    }
}
