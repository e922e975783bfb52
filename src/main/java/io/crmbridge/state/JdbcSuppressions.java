package io.crmbridge.state;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class JdbcSuppressions implements Suppressions {
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
                h.execute(
                        "INSERT INTO suppression (source_id, sequence, subject_hash, reason, since) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        sourceId,
                        sequence,
                        KeyHash.of(subject),
                        reason,
                        Micros.of(clock.instant()));
            }
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
                            + " AND subject_hash IN (<hashes>)")
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
    public int remove(long sourceId, String sequence, Collection<String> subjects) {
        return writer.full(h -> {
            int removed = 0;
            for (String subject : subjects) {
                removed += h.execute(
                        "DELETE FROM suppression WHERE source_id = ? AND sequence = ? AND subject_hash = ?",
                        sourceId,
                        sequence,
                        KeyHash.of(subject));
            }
            return removed;
        });
    }

    @Override
    public List<Count> counts() {
        return reader.read(h -> h.select(
                        "SELECT s.connection, p.sequence, p.reason, count(*) AS subjects, max(p.since) AS latest"
                                + " FROM suppression p JOIN source s ON s.id = p.source_id"
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
