package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The tables: migrations go forward only, a backup before each, and a newer schema is refused. */
final class Schema {
    /** Version of the newest migration beside this class; a test holds them equal. */
    static final int NEWEST = 2;

    private static final String LOCATION = "classpath:io/crmbridge/state/sqlite";
    private static final DateTimeFormatter BACKUP_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private Schema() {}

    static void migrate(DataSource file, Path folder, Clock clock) throws SQLException {
        migrate(file, folder, clock, NEWEST);
    }

    /** @param later where migrations lie that this program does not have yet; for tests */
    static void migrate(DataSource file, Path folder, Clock clock, int newest, String... later) throws SQLException {
        int version = version(file);
        refuseNewer(version, folder);
        if (version == newest) {
            return;
        }
        if (version > 0) {
            Path backup = folder.resolve("backup-v%d-%s.db".formatted(version, BACKUP_NAME.format(clock.instant())));
            try (Connection connection = file.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + backup.toString().replace("'", "''") + "'");
            }
        }
        flyway(Stream.concat(Stream.of(LOCATION), Stream.of(later)).toArray(String[]::new))
                .dataSource(file)
                .load()
                .migrate();
    }

    private static FluentConfiguration flyway(String... locations) {
        return Flyway.configure().locations(locations).loggers("slf4j");
    }

    static void preload() {
        flyway(LOCATION);
    }

    static void check(DataSource file, Path folder) throws SQLException {
        refuseNewer(version(file), folder);
    }

    private static void refuseNewer(int version, Path folder) {
        if (version > NEWEST) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the data folder %s was written by a newer program (schema %d, this one knows %d): upgrade, or restore the backup made before that upgrade"
                            .formatted(folder, version, NEWEST));
        }
    }

    /** 0 for an empty file. */
    private static int version(DataSource file) throws SQLException {
        try (Connection connection = file.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'flyway_schema_history'")) {
                if (!table.next()) {
                    return 0;
                }
            }
            try (ResultSet newest = statement.executeQuery(
                    "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM flyway_schema_history WHERE success")) {
                return newest.next() ? newest.getInt(1) : 0;
            }
        }
    }
}
