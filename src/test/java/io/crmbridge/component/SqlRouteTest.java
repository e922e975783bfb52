package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routes that write to a database, on real ones. */
@Timeout(120)
class SqlRouteTest {
    private static final String UPSERT = """
            - to:
                id: upsert
                uri: sql
                parameters:
                  query: >-
                    INSERT INTO deals (id, name, city, amount)
                    VALUES (:#${body[id]}, :#${body[name]}, :#${body[address][city]},
                    CAST(:#${body[amount]} AS numeric))
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name, city = excluded.city,
                    amount = excluded.amount
                  dataSource: "#warehouse"
                  noop: true
            """;

    enum Database {
        SQLITE,
        POSTGRES
    }

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private Database database = Database.POSTGRES;
    private TestBridge bridge;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void begin() throws SQLException {
        execute("DROP TABLE IF EXISTS deals");
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            System.err.println("DEAD " + bridge.store().deadLetters().list(true) + bridge.route("deals"));
            bridge.close();
        }
        sandbox.close();
    }

    private String url() {
        return database == Database.SQLITE
                ? "jdbc:sqlite:" + folder.resolve("warehouse.db")
                : postgres.getJdbcUrl("postgres", "postgres");
    }

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox).set("bridge.datasource.warehouse.url", url());
    }

    private void on(Database database, String columns) throws SQLException {
        this.database = database;
        execute("CREATE TABLE deals (" + columns + ")");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT * FROM deals ORDER BY name")) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString("name") + " " + found.getString("city") + " " + found.getDouble("amount"));
            }
            return rows;
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_upsert_of_nested_fields_keeps_one_row_a_record_when_a_change_comes_again(Database which) throws Exception {
        on(which, "id text PRIMARY KEY, name text, city text, amount numeric");
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().route("deals", "deals", "retry.delay=10ms", UPSERT + "- to: mock:later")
                .start()
                .at("later", exchange -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new ConnectException("down");
                    }
                });

        String id = bridge.create("deals", Map.of("name", "A; DROP TABLE deals", "amount", 5, "address", Map.of()));
        bridge.awaitDelivered("deals", 1);
        assertThat(rows()).containsExactly("A; DROP TABLE deals null 5.0");
        sandbox.workspace().update("deals", id, Map.of("address", Map.of("city", "Köln"), "amount", 7.25));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        assertThat(tries).hasValue(4);
        assertThat(rows()).containsExactly("A; DROP TABLE deals Köln 7.25");
    }
}
