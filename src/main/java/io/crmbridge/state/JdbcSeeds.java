package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class JdbcSeeds implements Seeds {
    /** In one transaction, so that a bridge on the same store is not kept waiting. */
    private static final int CHUNK = 20_000;

    private static final String THAT_COUNTS =
            "(SELECT max(id) FROM seed WHERE source_id = ? AND loaded_at IS NOT NULL)";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSeeds(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Loading begin(long sourceId, Instant exportedAt) {
        long id = writer.full(h -> h.select(
                        "INSERT INTO seed (source_id, exported_at) VALUES (?, ?) RETURNING id",
                        sourceId,
                        Micros.of(exportedAt))
                .mapTo(Long.class)
                .one());
        return new LoadingSeed(id, sourceId);
    }

    @Override
    public Optional<Seed> of(long sourceId) {
        return reader.read(h -> h.select("SELECT * FROM seed WHERE id = " + THAT_COUNTS, sourceId)
                .map((row, context) -> seed(row))
                .findOne());
    }

    private static Seed seed(ResultSet row) throws SQLException {
        return new Seed(
                row.getLong("id"),
                Micros.instant(row.getLong("exported_at")),
                row.getLong("contacts"),
                Micros.instant(row.getLong("loaded_at")));
    }

    @Override
    public Optional<Found> find(long sourceId, String address) {
        record Row(Seed seed, Optional<String> recordId) {}
        // One statement, for the export may be replaced between two.
        List<Row> rows = reader.read(h -> h.select(
                        "SELECT s.*, c.record_id FROM seed s LEFT JOIN seed_contact c"
                                + " ON c.seed_id = s.id AND c.address_hash = ? WHERE s.id = " + THAT_COUNTS,
                        KeyHash.of(address),
                        sourceId)
                .map((row, context) -> new Row(seed(row), Optional.ofNullable(row.getString("record_id"))))
                .list());
        Set<String> ids = new HashSet<>();
        rows.forEach(row -> row.recordId().ifPresent(ids::add));
        return rows.stream().findFirst().map(row -> new Found(row.seed(), ids));
    }

    private final class LoadingSeed implements Loading {
        private final long id;
        private final long sourceId;
        private boolean finished;

        LoadingSeed(long id, long sourceId) {
            this.id = id;
            this.sourceId = sourceId;
        }

        private record Hashed(byte[] address, String id) {}

        @Override
        public void add(Collection<Contact> contacts) {
            // In their order in the table, which makes it a few pages that each transaction changes and not all of
            // them.
            List<Hashed> rows = contacts.stream()
                    .map(contact -> new Hashed(KeyHash.of(contact.address()), Writer.text(contact.id())))
                    .sorted((a, b) -> Arrays.compareUnsigned(a.address(), b.address()))
                    .toList();
            writer.full(h -> {
                if (h.select("SELECT id FROM seed WHERE id = ?", id)
                        .mapTo(Long.class)
                        .findOne()
                        .isEmpty()) {
                    throw replaced();
                }
                PreparedStatement insert = writer.prepared(
                        "INSERT INTO seed_contact (seed_id, address_hash, record_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
                for (Hashed row : rows) {
                    insert.setLong(1, id);
                    insert.setBytes(2, row.address());
                    insert.setString(3, row.id());
                    insert.addBatch();
                }
                insert.executeBatch();
                return null;
            });
        }

        @Override
        public Seed finish() {
            writer.full(h -> {
                int there = h.execute(
                        "UPDATE seed SET loaded_at = ?, contacts ="
                                + " (SELECT count(*) FROM seed_contact WHERE seed_id = seed.id) WHERE id = ?",
                        Micros.of(clock.instant()),
                        id);
                if (there == 0) {
                    throw replaced();
                }
                return null;
            });
            finished = true;
            remove("source_id = ? AND id < ?", sourceId, id);
            return of(sourceId).orElseThrow();
        }

        private StoreException replaced() {
            return new StoreException(
                    Kind.INTERNAL, "another export of this connection was loaded meanwhile, and this one is given up");
        }

        @Override
        public void close() {
            if (!finished) {
                remove("source_id = ? AND id = ?", sourceId, id);
            }
        }
    }

    private void remove(String which, long sourceId, long id) {
        String some =
                "DELETE FROM seed_contact WHERE (seed_id, address_hash, record_id) IN (SELECT seed_id, address_hash, record_id"
                        + " FROM seed_contact WHERE seed_id IN (SELECT id FROM seed WHERE " + which + ") LIMIT " + CHUNK
                        + ")";
        int removed;
        do {
            removed = writer.full(h -> h.execute(some, sourceId, id));
        } while (removed > 0);
        writer.full(h -> h.execute("DELETE FROM seed WHERE " + which, sourceId, id));
    }
}
