package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The tables: migrations go forward only, a backup before each, and a newer schema is refused.
 *
 * @param folder where the migrations lie, beside this class
 * @param place where the data is, for a person
 */
record Schema(DataSource data, String folder, String place, Backup backup) {
    /** Version of the newest migration of every database; a test holds them equal. */
    static final int NEWEST = 9;

    interface Backup {
        void make(Connection connection, int version) throws SQLException;
    }

    void migrate() throws SQLException {
        migrate(NEWEST);
    }

    /** @param later where migrations lie that this program does not have yet; for tests */
    void migrate(int newest, String... later) throws SQLException {
        int version = check();
        if (version == newest) {
            return;
        }
        if (version > 0) {
            try (Connection connection = data.getConnection()) {
                backup.make(connection, version);
            }
        }
        flyway(Stream.concat(Stream.of(location(folder)), Stream.of(later)).toArray(String[]::new))
                .dataSource(data)
                .load()
                .migrate();
    }

    private static String location(String folder) {
        return "classpath:io/crmbridge/state/" + folder;
    }

    private static FluentConfiguration flyway(String... locations) {
        return Flyway.configure().locations(locations).loggers("slf4j");
    }

    static void preload(String folder) {
        flyway(location(folder));
    }

    /** @return the version, 0 for an empty database */
    int check() throws SQLException {
        int version = version();
        if (version > NEWEST) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "%s was written by a newer program (schema %d, this one knows %d): upgrade, or restore the backup made before that upgrade"
                            .formatted(place, version, NEWEST));
        }
        return version;
    }

    private static boolean hasHistory(Connection connection) throws SQLException {
        String schema = connection.getSchema();
        try (ResultSet tables =
                connection.getMetaData().getTables(null, null, "flyway_schema_history", new String[] {"TABLE"})) {
            while (tables.next()) {
                if (Objects.equals(tables.getString("TABLE_SCHEM"), schema)) {
                    return true;
                }
            }
            return false;
        }
    }

    private int version() throws SQLException {
        try (Connection connection = data.getConnection()) {
            if (!hasHistory(connection)) {
                return 0;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet newest = statement.executeQuery(
                            "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM flyway_schema_history WHERE success")) {
                return newest.next() ? newest.getInt(1) : 0;
            }
        }
    }
}
