package io.crmbridge.state;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
    public Optional<Entry> find(long sourceId, String sequence, Collection<String> subjects) {
        return reader.read(h -> {
            for (String subject : subjects) {
                Optional<Entry> entry = h.select(
                                "SELECT * FROM suppression WHERE source_id = ? AND sequence IN (?, ?) AND subject_hash = ?",
                                sourceId,
                                sequence,
                                ALL,
                                KeyHash.of(subject))
                        .map((row, context) -> new Entry(
                                row.getString("sequence"),
                                row.getString("reason"),
                                Micros.instant(row.getLong("since"))))
                        .findFirst();
                if (entry.isPresent()) {
                    return entry;
                }
            }
            return Optional.empty();
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
