package io.crmbridge.state;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class JdbcSuppressions implements Suppressions {
    /** Reason of those that a person has allowed again; they stay on record, so that what is older counts no more. */
    private static final String ALLOWED = "allowed by a person";

    private static final String ADD =
            "INSERT INTO suppression (source_id, sequence, subject_hash, reason, since) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (source_id, sequence, subject_hash) DO UPDATE SET reason = excluded.reason,"
                    + " since = excluded.since WHERE suppression.reason = ?";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSuppressions(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public void add(long sourceId, String sequence, Collection<String> subjects, String reason) {
        if (subjects.isEmpty()) {
            return;
        }
        writer.full(h -> {
            for (String subject : subjects) {
                h.execute(ADD, sourceId, sequence, KeyHash.of(subject), reason, Micros.of(clock.instant()), ALLOWED);
            }
            return null;
        });
    }

    @Override
    public void seen(long sourceId, String sequence, Map<String, Instant> subjects, String reason) {
        if (subjects.isEmpty()) {
            return;
        }
        writer.full(h -> {
            subjects.forEach((subject, at) -> {
                boolean allowed = h.select(
                                "SELECT 1 FROM suppression WHERE source_id = ? AND sequence IN (?, ?)"
                                        + " AND subject_hash = ? AND reason = ? AND since >= ?",
                                sourceId,
                                sequence,
                                ALL,
                                KeyHash.of(subject),
                                ALLOWED,
                                Micros.of(at))
                        .mapTo(Integer.class)
                        .findFirst()
                        .isPresent();
                if (!allowed) {
                    h.execute(ADD, sourceId, sequence, KeyHash.of(subject), reason, Micros.of(at), ALLOWED);
                }
            });
            return null;
        });
    }

    @Override
    public Map<String, Entry> find(long sourceId, String sequence, Collection<String> subjects) {
        if (subjects.isEmpty()) {
            return Map.of();
        }
        Map<ByteBuffer, String> hashes = new HashMap<>();
        subjects.forEach(subject -> hashes.put(ByteBuffer.wrap(KeyHash.of(subject)), subject));
        return reader.read(h -> {
            Map<String, Entry> found = new HashMap<>();
            h.createQuery("SELECT * FROM suppression WHERE source_id = :source AND sequence IN (:sequence, :all)"
                            + " AND subject_hash IN (<hashes>) AND reason <> :allowed")
                    .bind("allowed", ALLOWED)
                    .bind("source", sourceId)
                    .bind("sequence", sequence)
                    .bind("all", ALL)
                    .bindList(
                            "hashes",
                            hashes.keySet().stream().map(ByteBuffer::array).toList())
                    .map((row, context) -> found.put(
                            hashes.get(ByteBuffer.wrap(row.getBytes("subject_hash"))),
                            new Entry(
                                    row.getString("sequence"),
                                    row.getString("reason"),
                                    Micros.instant(row.getLong("since")))))
                    .list();
            return found;
        });
    }

    @Override
    public int allow(long sourceId, String sequence, Collection<String> subjects) {
        return writer.full(h -> {
            int known = 0;
            Long now = Micros.of(clock.instant());
            for (String subject : subjects) {
                int changed = h.execute(
                        "UPDATE suppression SET reason = ?, since = ? WHERE source_id = ? AND subject_hash = ?"
                                + " AND (sequence = ? OR ? = '*') AND reason <> ?",
                        ALLOWED,
                        now,
                        sourceId,
                        KeyHash.of(subject),
                        sequence,
                        sequence,
                        ALLOWED);
                known += changed > 0 ? 1 : 0;
                h.execute(
                        "INSERT INTO suppression (source_id, sequence, subject_hash, reason, since) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (source_id, sequence, subject_hash) DO UPDATE SET since = excluded.since",
                        sourceId,
                        sequence,
                        KeyHash.of(subject),
                        ALLOWED,
                        now);
            }
            return known;
        });
    }

    @Override
    public List<Count> counts() {
        return reader.read(h -> h.select(
                        "SELECT s.connection, p.sequence, p.reason, count(*) AS subjects, max(p.since) AS latest"
                                + " FROM suppression p JOIN source s ON s.id = p.source_id WHERE p.reason <> 'allowed by a person'"
                                + " GROUP BY s.connection, p.sequence, p.reason ORDER BY 1, 2, 3")
                .map((row, context) -> new Count(
                        row.getString("connection"),
                        row.getString("sequence"),
                        row.getString("reason"),
                        row.getLong("subjects"),
                        Micros.instant(row.getLong("latest"))))
                .list());
    }
}
