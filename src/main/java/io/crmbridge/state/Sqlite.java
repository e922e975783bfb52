package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;

/** The embedded database: one SQLite file in the data folder, in WAL mode. */
final class Sqlite implements Dialect {
    static final String FILE = "crm-bridge.db";
    static final String MIGRATIONS = "sqlite";
    private static final DateTimeFormatter BACKUP_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    /** 16 MB: four times SQLite's usual, so that busy tables are copied back less often. */
    private static final int CHECKPOINT_PAGES = 4_000;

    // Of the writer's thread: what was set last, and on which connection.
    private Connection switched;
    private boolean fullNow;

    static Store open(Path folder, StoreSettings settings, Clock clock) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the data folder " + folder + " cannot be created: give this user write access, or choose another"
                            + " with --data",
                    e);
        }
        if (!Files.isWritable(folder)) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the data folder " + folder + " is read-only: give this user write access, or choose another with"
                            + " --data");
        }
        try {
            SQLiteDataSource file = dataSource(folder);
            check(file);
            schema(file, folder, clock).migrate();
            return new JdbcStore(file, new Sqlite(), clock, settings.key(folder));
        } catch (SQLException e) {
            throw SqliteFailures.explain(e);
        }
    }

    static Store attach(Path folder, StoreSettings settings, Clock clock) {
        if (!Files.exists(folder.resolve(FILE))) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "no bridge has run in " + folder + " yet: start one with `run`, or name its folder with --data");
        }
        try {
            SQLiteDataSource file = dataSource(folder);
            schema(file, folder, clock).check();
            return new JdbcStore(file, new Sqlite(), clock, settings.key(folder));
        } catch (SQLException e) {
            throw SqliteFailures.explain(e);
        }
    }

    static void preload() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw SqliteFailures.explain(e);
        }
    }

    static Schema schema(SQLiteDataSource file, Path folder, Clock clock) {
        return new Schema(file, MIGRATIONS, "the data folder " + folder, (connection, version) -> {
            Path backup = folder.resolve("backup-v%d-%s.db".formatted(version, BACKUP_NAME.format(clock.instant())));
            try (Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + backup.toString().replace("'", "''") + "'");
            }
        });
    }

    private static void check(SQLiteDataSource file) throws SQLException {
        try (Connection connection = file.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (!found.next() || !found.getString(1).equals("ok")) {
                throw SqliteFailures.damaged(null);
            }
        }
    }

    static SQLiteDataSource dataSource(Path folder) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        SQLiteDataSource file = new SQLiteDataSource(config);
        file.setUrl("jdbc:sqlite:" + folder.resolve(FILE));
        return file;
    }

    /** A transaction begins by itself; the fsync can only be switched outside of one. */
    @Override
    public void begin(Connection connection, boolean full) throws SQLException {
        if (connection == switched && full == fullNow) {
            return;
        }
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=" + (full ? "FULL" : "NORMAL"));
        }
        connection.setAutoCommit(false);
        switched = connection;
        fullNow = full;
    }

    /** SQLite notes the highest number when a row comes in, and its one transaction that writes keeps others out. */
    @Override
    public long draw(Writer writer, long count) throws SQLException {
        PreparedStatement select = writer.prepared(head());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public String head() {
        return "SELECT seq FROM sqlite_sequence WHERE name = 'change'";
    }

    @Override
    public String now(Clock clock) {
        return Long.toString(Micros.of(clock.instant()));
    }

    @Override
    public long bytes(Handle handle) {
        return handle.select("SELECT (p.page_count - f.freelist_count) * s.page_size"
                        + " FROM pragma_page_count() p, pragma_freelist_count() f, pragma_page_size() s")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public StoreException explain(Throwable failure) {
        return SqliteFailures.explain(failure);
    }
}
