package io.crmbridge.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import javax.sql.DataSource;
import org.sqlite.SQLiteException;

/** A database that routes read and write, and what its failures mean. It is no part of the store. */
public final class TargetDatabase {
    /** A lane waits this long for a connection; one that comes later serves its next try. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final Set<String> SQLITE_PASSING = Set.of("BUSY", "LOCKED", "FULL", "IOERR", "NOMEM", "INTERRUPT");
    private static final Set<String> SQLITE_REFUSED =
            Set.of("READONLY", "CANTOPEN", "PERM", "AUTH", "NOTADB", "CORRUPT");

    /** A lock not got, a server that became a replica, a time-out that a driver made. */
    private static final Set<String> PASSING_STATES = Set.of("55P03", "25006", "HYT00", "HYT01");

    public enum Kind {
        /** The same statement may go through later. */
        PASSING,
        /** The statement or its values do not fit the database. */
        PERMANENT,
        /** No statement will go through until a person has looked. */
        REFUSED
    }

    /** @param reason for people; made without the driver's message, which may quote a record */
    public record Failure(Kind kind, String reason) {}

    private TargetDatabase() {}

    /**
     * A pool that connects when it is first used, so that a route starts while its database is down.
     *
     * @param drivers where the driver is looked for
     * @return closeable
     * @throws IllegalArgumentException when there is no driver for it
     */
    public static DataSource open(
            String name,
            String url,
            String username,
            String password,
            Optional<String> driver,
            ClassLoader drivers,
            int maxConnections) {
        // Finds the program's drivers once in the life of a JVM; by a bundle's loader it would find the bundle's in
        // their place.
        DriverManager.getDrivers();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(drivers);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        try {
            driver.or(() -> driver(url, drivers)).ifPresent(pool::setDriverClassName);
            pool.setJdbcUrl(url);
            pool.setUsername(username);
            pool.setPassword(password);
            pool.setMaximumPoolSize(maxConnections);
            pool.setMinimumIdle(0);
            pool.setConnectionTimeout(PATIENCE_MILLIS);
            pool.setInitializationFailTimeout(-1);
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "there is no driver for this url: is it written right, and is the driver's jar in the bundle's lib/?",
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Of a loader below the program's: the DriverManager shows its drivers to nobody above. */
    private static Optional<String> driver(String url, ClassLoader drivers) {
        if (drivers == TargetDatabase.class.getClassLoader()) {
            return Optional.empty();
        }
        for (Driver driver : ServiceLoader.load(Driver.class, drivers)) {
            try {
                if (driver.acceptsURL(url)) {
                    return Optional.of(driver.getClass().getName());
                }
            } catch (SQLException e) {
                throw new IllegalArgumentException("the driver refuses the url", e);
            }
        }
        return Optional.empty();
    }

    /** What a failure of a database means; empty when it is none. */
    public static Optional<Failure> failure(Throwable failure) {
        if (!(failure instanceof SQLException sql)) {
            return Optional.empty();
        }
        for (Throwable at = sql; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException sqlite) {
                return Optional.of(ofSqlite(sqlite.getResultCode().name()));
            }
            if (at instanceof SQLException known && known.getSQLState() != null) {
                return Optional.of(ofState(known.getSQLState()));
            }
        }
        return Optional.of(
                sql instanceof SQLTransientException || sql instanceof SQLRecoverableException
                        ? new Failure(Kind.PASSING, "the database gives no connection, or gave it up")
                        : new Failure(
                                Kind.PERMANENT,
                                "the statement was not taken (%s): compare its parameters with the record"
                                        .formatted(sql.getClass().getSimpleName())));
    }

    private static Failure ofSqlite(String code) {
        String kind = code.split("_")[1];
        if (SQLITE_PASSING.contains(kind)) {
            return new Failure(Kind.PASSING, "the database does not answer (%s)".formatted(code));
        }
        if (SQLITE_REFUSED.contains(kind)) {
            return new Failure(
                    Kind.REFUSED,
                    "the database file cannot be used (%s): look at the url of its data source and at who may write the file"
                            .formatted(code));
        }
        return new Failure(Kind.PERMANENT, kind.equals("CONSTRAINT") ? constraint(code) : statement(code));
    }

    private static Failure ofState(String state) {
        String code = "SQLSTATE " + state;
        String kind = state.length() < 2 ? state : state.substring(0, 2);
        if (PASSING_STATES.contains(state)) {
            return new Failure(Kind.PASSING, "the database cannot do it now (%s)".formatted(code));
        }
        if (state.equals("42501") || state.equals("3D000")) {
            return refused(code);
        }
        return switch (kind) {
            case "08", "40", "53", "57", "58" ->
                new Failure(Kind.PASSING, "the database does not answer, or cannot do it now (%s)".formatted(code));
            case "28" -> refused(code);
            case "22" ->
                new Failure(
                        Kind.PERMANENT,
                        "a value does not fit its column (%s): compare the types and lengths of the table's columns with the record"
                                .formatted(code));
            case "23" -> new Failure(Kind.PERMANENT, constraint(code));
            default -> new Failure(Kind.PERMANENT, statement(code));
        };
    }

    private static Failure refused(String code) {
        return new Failure(
                Kind.REFUSED,
                "the database refuses us (%s): look at the url, username and password of its data source, and at what that user may do"
                        .formatted(code));
    }

    private static String constraint(String code) {
        return "the row breaks a constraint of its table (%s): look at the table's keys, NOT NULL columns and checks"
                .formatted(code);
    }

    private static String statement(String code) {
        return "the database does not take the statement (%s): compare its table, columns and types with those of the database"
                .formatted(code);
    }
}
