package io.crmbridge.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;

/** The embedded store: one SQLite file in the data folder, in WAL mode. */
final class SqliteStore implements Store {
    static final String FILE = "crm-bridge.db";
    private static final int READERS = 4;
    /** 16 MB: four times SQLite's usual, so that busy tables are copied back less often. */
    private static final int CHECKPOINT_PAGES = 4_000;

    private final HikariDataSource readers;
    private final Writer writer;
    private final JdbcSources sources;
    private final JdbcChangeLog log;
    private final JdbcSubscriptions subscriptions;
    private final JdbcDeadLetters deadLetters;
    private final JdbcExportLedger exports;
    private final JdbcCommands commands;
    private final JdbcSchedules schedules;
    private final JdbcSeenKeys seen;

    private SqliteStore(SQLiteDataSource file, Clock clock) throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(file);
        pool.setPoolName("bridge-store");
        pool.setMaximumPoolSize(READERS);
        pool.setMinimumIdle(1);
        this.readers = new HikariDataSource(pool);
        Reader reader = new Reader(Jdbi.create(readers));
        this.writer = new Writer(file.getConnection(), SqliteStore::setDurability);
        this.sources = new JdbcSources(reader, writer, clock);
        this.log = new JdbcChangeLog(reader, writer, clock);
        this.subscriptions = new JdbcSubscriptions(reader, writer, clock);
        this.deadLetters = new JdbcDeadLetters(reader, writer, clock);
        this.exports = new JdbcExportLedger(reader, writer, clock);
        this.commands = new JdbcCommands(reader, writer, clock);
        this.schedules = new JdbcSchedules(reader, writer, clock);
        this.seen = new JdbcSeenKeys(reader, writer, clock);
    }

    static Store open(Path folder, Clock clock) {
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
            Schema.migrate(file, folder, clock);
            return new SqliteStore(file, clock);
        } catch (SQLException e) {
            throw SqliteFailures.explain(e);
        }
    }

    static Store attach(Path folder, Clock clock) {
        if (!Files.exists(folder.resolve(FILE))) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "no bridge has run in " + folder + " yet: start one with `run`, or name its folder with --data");
        }
        try {
            SQLiteDataSource file = dataSource(folder);
            Schema.check(file, folder);
            return new SqliteStore(file, clock);
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
        Schema.preload();
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

    private static SQLiteDataSource dataSource(Path folder) {
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

    private static void setDurability(Connection connection, boolean full) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=" + (full ? "FULL" : "NORMAL"));
        }
    }

    Writer writer() {
        return writer;
    }

    @Override
    public Sources sources() {
        return sources;
    }

    @Override
    public ChangeLog log() {
        return log;
    }

    @Override
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public ExportLedger exports() {
        return exports;
    }

    @Override
    public Commands commands() {
        return commands;
    }

    @Override
    public Schedules schedules() {
        return schedules;
    }

    @Override
    public SeenKeys seen() {
        return seen;
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
    }
}
