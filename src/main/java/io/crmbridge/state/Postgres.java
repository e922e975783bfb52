package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL database, which several bridges may share: one of them is active, the others wait. */
final class Postgres implements Dialect {
    static final String MIGRATIONS = "postgresql";
    private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
    private static final int SECONDS_TO_CONNECT = 5;
    private static final int SECONDS_TO_ANSWER = 60;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final Set<String> TLS = Set.of("require", "verify-ca", "verify-full");

    /** The server may be set to less than an fsync, or to more. */
    private static final String BEGIN = "SELECT set_config('synchronous_commit', CASE WHEN NOT ? THEN 'off'"
            + " WHEN current_setting('synchronous_commit') = 'off' THEN 'on'"
            + " ELSE current_setting('synchronous_commit') END, true),"
            // Else the lock of a bridge that froze in a transaction would keep the others out.
            + " set_config('idle_in_transaction_session_timeout', ?, true)";

    /** The lease cannot be taken while a transaction has it. */
    private static final String FENCE = " FROM holder WHERE lease = ? FOR SHARE";

    /** Large tables are sampled, about 2,000 pages of them; 300 stands for a row without its body, and for its indexes. */
    private static final String BYTES = "SELECT coalesce(sum(300 + octet_length(body)), 0) * 100 / s.percent"
            + " FROM (SELECT least(100, 200000 * 8192.0 / greatest(pg_relation_size('change'), 1)) AS percent) s"
            + " LEFT JOIN LATERAL (SELECT body FROM change TABLESAMPLE SYSTEM (s.percent)) c ON true GROUP BY s.percent";

    private final String place;
    private final String patience;
    private Optional<Lease> lease = Optional.empty();

    private Postgres(PGSimpleDataSource data, StoreSettings settings) {
        this.place = place(data);
        this.patience = Long.toString(settings.takeover().toMillis());
    }

    static Store open(Path folder, StoreSettings settings, Clock clock) {
        PGSimpleDataSource data = dataSource(settings);
        Postgres dialect = new Postgres(data, settings);
        try {
            Schema schema = dialect.schema(settings);
            if (schema.check() == 0) {
                dialect.refuseUselessSchema(data);
                if (Files.exists(folder.resolve(Sqlite.FILE))) {
                    LOG.warn(
                            "{} is empty, and the store in the data folder {} is not used any more: every route begins"
                                    + " anew with its startFrom",
                            dialect.place,
                            folder);
                }
                schema.migrate();
            }
            dialect.lease = Optional.of(Lease.take(data, dialect.place, settings.takeover()));
            // Not while another one is active, which may not know the new tables.
            schema.migrate();
            warn(data, settings);
            return new JdbcStore(data, dialect, clock, settings.key(folder));
        } catch (SQLException | RuntimeException e) {
            throw dialect.explain(e);
        }
    }

    static Store attach(Path folder, StoreSettings settings, Clock clock) {
        PGSimpleDataSource data = dataSource(settings);
        Postgres dialect = new Postgres(data, settings);
        try {
            if (dialect.schema(settings).check() == 0) {
                throw new StoreException(
                        Kind.UNUSABLE, "no bridge has run on %s yet: start one with `run`".formatted(dialect.place));
            }
            return new JdbcStore(data, dialect, clock, settings.key(folder));
        } catch (SQLException | RuntimeException e) {
            throw dialect.explain(e);
        }
    }

    /** Flyway would try for ten seconds to make its table. */
    private void refuseUselessSchema(PGSimpleDataSource data) throws SQLException {
        try (Connection connection = data.getConnection();
                PreparedStatement ask =
                        connection.prepareStatement("SELECT has_schema_privilege(current_schema(), 'CREATE')");
                ResultSet row = ask.executeQuery()) {
            row.next();
            boolean mayMakeTables = row.getBoolean(1);
            if (row.wasNull()) {
                throw new StoreException(
                        Kind.UNUSABLE,
                        "the schema that bridge.store.url names (currentSchema) does not exist in %s: create it"
                                .formatted(place));
            }
            if (!mayMakeTables) {
                throw new SQLException("no CREATE on its schema", "42501");
            }
        }
    }

    /** A migration may take its time. PostgreSQL undoes one that fails, so a backup is the operator's to make. */
    private Schema schema(StoreSettings settings) {
        PGSimpleDataSource patient = dataSource(settings);
        patient.setSocketTimeout(0);
        return new Schema(patient, MIGRATIONS, place, (connection, version) -> {});
    }

    private static PGSimpleDataSource dataSource(StoreSettings settings) {
        String url = settings.url().orElseThrow();
        PGSimpleDataSource data = new PGSimpleDataSource();
        try {
            data.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    Kind.UNUSABLE, "bridge.store.url is no PostgreSQL address: write jdbc:postgresql://host/database");
        }
        settings.username().ifPresent(data::setUser);
        settings.password().ifPresent(data::setPassword);
        data.setApplicationName("crm-bridge");
        data.setTcpKeepAlive(true);
        // What the server says of a row may show a record's data.
        data.setLogServerErrorDetail(false);
        if (!url.contains("connectTimeout=")) {
            data.setConnectTimeout(SECONDS_TO_CONNECT);
        }
        if (!url.contains("socketTimeout=")) {
            data.setSocketTimeout(SECONDS_TO_ANSWER);
        }
        return data;
    }

    private static String place(PGSimpleDataSource data) {
        return "the database %s on %s".formatted(data.getDatabaseName(), String.join(", ", data.getServerNames()));
    }

    private static void warn(PGSimpleDataSource data, StoreSettings settings) throws SQLException {
        if (showsPassword(settings)) {
            LOG.warn(
                    "the password of {} may go over the network in the open: add sslmode=verify-full&sslrootcert=FILE to"
                            + " bridge.store.url",
                    place(data));
        }
        try (Connection connection = data.getConnection();
                PreparedStatement show = connection.prepareStatement("SHOW fsync");
                ResultSet row = show.executeQuery()) {
            if (row.next() && row.getString(1).equals("off")) {
                LOG.warn(
                        "{} runs with fsync=off: a power cut there may lose what this bridge has promised",
                        place(data));
            }
        }
    }

    static boolean showsPassword(StoreSettings settings) {
        PGSimpleDataSource data = dataSource(settings);
        boolean tls = data.getSsl() || data.getSslMode() != null && TLS.contains(data.getSslMode());
        return settings.password().isPresent() && !tls && !LOOPBACK.containsAll(List.of(data.getServerNames()));
    }

    @Override
    public void begin(Connection connection, boolean full) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(lease.isPresent() ? BEGIN + FENCE : BEGIN)) {
            begin.setBoolean(1, full);
            begin.setString(2, patience);
            if (lease.isPresent()) {
                begin.setLong(3, lease.get().number());
            }
            try (ResultSet row = begin.executeQuery()) {
                if (!row.next()) {
                    throw lease.orElseThrow().refused();
                }
            }
        }
    }

    /** The row stays locked until the transaction ends. */
    @Override
    public long draw(Writer writer, long count) throws SQLException {
        PreparedStatement draw = writer.prepared("UPDATE log_head SET head = head + ? RETURNING head");
        draw.setLong(1, count);
        try (ResultSet row = draw.executeQuery()) {
            row.next();
            return row.getLong(1) - count;
        }
    }

    @Override
    public String head() {
        return "SELECT head FROM log_head";
    }

    @Override
    public String now(Clock clock) {
        return Lease.NOW;
    }

    @Override
    public long bytes(Handle handle) {
        return handle.select(BYTES).mapTo(Long.class).one();
    }

    @Override
    public Optional<Lease> lease() {
        return lease;
    }

    @Override
    public List<Store.Node> nodes(Handle handle) {
        return Lease.nodes(handle);
    }

    @Override
    public StoreException explain(Throwable failure) {
        return PostgresFailures.explain(failure, place);
    }
}
