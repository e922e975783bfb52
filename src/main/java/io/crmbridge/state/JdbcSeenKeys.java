package io.crmbridge.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

final class JdbcSeenKeys implements SeenKeys {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcSeenKeys(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Set<String> known(String scope, Collection<String> keys) {
        return reader.read(h -> {
            Set<String> known = new HashSet<>();
            try (PreparedStatement select =
                    h.getConnection().prepareStatement("SELECT 1 FROM seen_key WHERE scope = ? AND key_hash = ?")) {
                select.setString(1, scope);
                for (String key : keys) {
                    select.setBytes(2, KeyHash.of(key));
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            known.add(key);
                        }
                    }
                }
            }
            return known;
        });
    }

    @Override
    public void add(String scope, Collection<String> keys) {
        writer.full(h -> {
            for (String key : keys) {
                h.execute(
                        "INSERT INTO seen_key (scope, key_hash, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        scope,
                        KeyHash.of(key),
                        Micros.of(clock.instant()));
            }
            return null;
        });
    }

    @Override
    public void remove(String scope, String key) {
        writer.full(h -> h.execute("DELETE FROM seen_key WHERE scope = ? AND key_hash = ?", scope, KeyHash.of(key)));
    }

    @Override
    public void clear(String scope) {
        writer.full(h -> h.execute("DELETE FROM seen_key WHERE scope = ?", scope));
    }
}
