package io.crmbridge.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server of this JVM's own; most tests share one, each with a schema of its own. */
public final class PostgresServer implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Optional<Path> folder;
    private EmbeddedPostgres server;

    private PostgresServer(Optional<Path> folder) {
        this.folder = folder;
        start(0);
    }

    private static final class Shared {
        static final PostgresServer SERVER = new PostgresServer(Optional.empty());
    }

    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** One that a test may stop. */
    static PostgresServer in(Path folder) {
        return new PostgresServer(Optional.of(folder));
    }

    private void start(int port) {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setServerConfig("fsync", "on").setPort(port);
        folder.ifPresent(data -> builder.setDataDirectory(data).setCleanDataDirectory(false));
        try {
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() throws IOException {
        server.close();
    }

    void startAgain() {
        start(server.getPort());
    }

    public String url(String parameters) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?%s".formatted(server.getPort(), parameters);
    }

    /** Where a fresh, empty store may be. */
    public StoreSettings empty(Duration takeover) {
        String schema = "t" + NUMBER.incrementAndGet();
        execute("CREATE SCHEMA " + schema);
        return new StoreSettings(
                Optional.of(url("currentSchema=" + schema)), Optional.of("postgres"), Optional.empty(), takeover);
    }

    public StoreSettings empty() {
        return empty(Duration.ofSeconds(15));
    }

    /** Others are trusted. */
    void asksForThePasswordOf(String user) throws IOException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW hba_file")) {
            row.next();
            Path file = Path.of(row.getString(1));
            Files.writeString(file, "host all %s all scram-sha-256%n".formatted(user) + Files.readString(file));
        }
        execute("SELECT pg_reload_conf()");
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
