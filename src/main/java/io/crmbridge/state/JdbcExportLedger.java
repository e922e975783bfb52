package io.crmbridge.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

final class JdbcExportLedger implements ExportLedger {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcExportLedger(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Set<String> known(Collection<String> keys) {
        return reader.read(h -> {
            Set<String> known = new HashSet<>();
            try (PreparedStatement select =
                    h.getConnection().prepareStatement("SELECT 1 FROM export_key WHERE key_hash = ?")) {
                for (String key : keys) {
                    select.setBytes(1, KeyHash.of(key));
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
    public ExportFile open(String slot, String path, Optional<String> columns) {
        return writer.full(h -> h.select(
                        "INSERT INTO export_file (slot, path, columns, state, bytes, entries, opened_at)"
                                + " VALUES (?, ?, ?, ?, 0, 0, ?) RETURNING *",
                        slot,
                        path,
                        columns.orElse(null),
                        State.OPEN.name(),
                        Micros.of(clock.instant()))
                .map(JdbcExportLedger::toFile)
                .one());
    }

    @Override
    public void written(long fileId, Collection<String> keys, long bytes, long entries) {
        writer.full(h -> {
            try (PreparedStatement insert =
                    h.getConnection().prepareStatement("INSERT INTO export_key (key_hash, file_id) VALUES (?, ?)")) {
                for (String key : keys) {
                    insert.setBytes(1, KeyHash.of(key));
                    insert.setLong(2, fileId);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            h.execute("UPDATE export_file SET bytes = ?, entries = ? WHERE id = ?", bytes, entries, fileId);
            return null;
        });
    }

    @Override
    public void closing(long fileId) {
        writer.full(h -> h.execute("UPDATE export_file SET state = ? WHERE id = ?", State.CLOSING.name(), fileId));
    }

    @Override
    public void closed(long fileId) {
        writer.full(h -> h.execute(
                "UPDATE export_file SET state = ?, closed_at = ? WHERE id = ?",
                State.CLOSED.name(),
                Micros.of(clock.instant()),
                fileId));
    }

    @Override
    public List<ExportFile> unfinished() {
        return reader.read(h -> select(h, "WHERE state <> 'CLOSED' ORDER BY id"));
    }

    @Override
    public List<ExportFile> recent(int limit) {
        return reader.read(h -> select(h, "ORDER BY id DESC LIMIT ?", limit));
    }

    private static List<ExportFile> select(Handle h, String where, Object... values) {
        return h.select("SELECT * FROM export_file " + where, values)
                .map(JdbcExportLedger::toFile)
                .list();
    }

    private static ExportFile toFile(ResultSet row, StatementContext context) throws SQLException {
        return new ExportFile(
                row.getLong("id"),
                row.getString("slot"),
                row.getString("path"),
                Optional.ofNullable(row.getString("columns")),
                State.valueOf(row.getString("state")),
                row.getLong("bytes"),
                row.getLong("entries"),
                Micros.instant(row.getLong("opened_at")));
    }
}
