package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.DeadLetters.DeadLetter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

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
        return values("SELECT name, city, CAST(amount AS double precision) FROM deals ORDER BY name").stream()
                .map(row -> String.join(" ", row))
                .toList();
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

        String id = bridge.create("deals", Map.of("name", "A; DROP TABLE deals", "amount", 5.5, "address", Map.of()));
        bridge.awaitDelivered("deals", 1);
        assertThat(rows()).containsExactly("A; DROP TABLE deals null 5.5");
        sandbox.workspace().update("deals", id, Map.of("address", Map.of("city", "Köln"), "amount", 7.25));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        assertThat(tries).hasValue(4);
        assertThat(rows()).containsExactly("A; DROP TABLE deals Köln 7.25");
    }

    @ParameterizedTest
    @EnumSource
    void the_shipped_route_writes_each_deals_latest_version(Database which) throws Exception {
        String shipped = Files.readString(Path.of("routes/deals-to-database.yaml"));
        database = which;
        execute(shipped.lines()
                .filter(line -> line.contains("# CREATE TABLE"))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*# ", ""));
        execute("INSERT INTO deals (id, name, updated_at) VALUES ('later', 'Written by a later version', '2999')");
        sandbox.workspace()
                .put(
                        "deals",
                        Map.of(
                                "id",
                                "later",
                                "name",
                                "Old",
                                "createdAt",
                                "2026-01-01T00:00:00.000Z",
                                "updatedAt",
                                "2026-01-01T00:00:00.000Z"));
        bridge = bundle().set("poll.delay", "1h").yaml(shipped).start();

        String id = bridge.create("deals", Map.of("name", "Deal", "amount", 5.5, "stageName", "New"));
        sandbox.workspace().update("deals", id, Map.of("stageName", "Won"));
        bridge.poll("deals");
        bridge.awaitDelivered("deals-to-database", 3);

        assertThat(values("SELECT name, stage, amount, updated_at FROM deals ORDER BY name"))
                .containsExactly(
                        List.of(
                                "Deal",
                                "Won",
                                "5.5",
                                sandbox.workspace()
                                        .get("deals", id)
                                        .get("updatedAt")
                                        .toString()),
                        List.of("Written by a later version", "null", "null", "2999"));
    }

    @Test
    void with_one_data_source_a_statement_need_not_name_it() throws Exception {
        on(Database.POSTGRES, "id text PRIMARY KEY, name text");
        bridge = bundle().route("deals", "deals", "", """
                        - to:
                            uri: "sql:INSERT INTO deals VALUES (:#${body[id]}, :#name) ON CONFLICT DO NOTHING"
                        """).start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(values("SELECT name FROM deals")).containsExactly(List.of("Deal"));
    }

    @Test
    void a_batch_is_written_as_one_statement_with_many_rows() throws Exception {
        on(Database.POSTGRES, "id text PRIMARY KEY, name text, city text, amount numeric");
        bridge = bundle().route("deals", "deals", "batchSize=10", UPSERT + "      batch: true\n")
                .start();

        for (int i = 0; i < 12; i++) {
            sandbox.workspace()
                    .create("deals", Map.of("name", "Deal " + i, "amount", i + 0.5, "address", Map.of("city", "Köln")));
        }
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 12);

        assertThat(rows()).hasSize(12).contains("Deal 11 Köln 11.5");
    }

    @ParameterizedTest
    @EnumSource
    void a_table_that_lacks_a_column_makes_dead_letters_and_after_twenty_an_alarm(Database which) throws Exception {
        on(which, "id text PRIMARY KEY, name text, city text");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        String reason = "the database does not take the statement (%s): compare its table, columns and types"
                .formatted(which == Database.SQLITE ? "SQLITE_ERROR" : "SQLSTATE 42703");
        try {
            bridge = bundle().route("deals", "deals", "", UPSERT).start();
            for (int i = 0; i < 25; i++) {
                deal("Jane Roe");
            }
            bridge.poll("deals");
            bridge.awaitDead("deals", 20);
            bridge.awaitState("deals", "ALARM");
        } finally {
            root.detachAppender(log);
        }

        assertThat(bridge.store().deadLetters().list(false))
                .hasSize(20)
                .allSatisfy(letter -> assertThat(letter.attempts()).isEqualTo(1))
                .extracting(DeadLetter::reason)
                .allSatisfy(text -> assertThat(text).startsWith(reason));
        assertThat(bridge.route("deals").reason()).contains("20 changes in a row", reason);
        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .noneMatch(event -> text(event).contains("Jane Roe"));
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_breaks_a_constraint_is_a_dead_letter_that_quotes_no_record(Database which) throws Exception {
        on(which, "id text PRIMARY KEY, name text UNIQUE, city text, amount numeric");
        execute("INSERT INTO deals (id, name) VALUES ('x', 'Jane Roe')");
        bridge = bundle().route("deals", "deals", "", UPSERT).start();

        deal("Jane Roe");
        deal("John Doe");
        bridge.poll("deals");
        bridge.awaitDead("deals", 1);
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.store().deadLetters().list(false).get(0).reason())
                .startsWith("the row breaks a constraint of its table (%s)"
                        .formatted(which == Database.SQLITE ? "SQLITE_CONSTRAINT_UNIQUE" : "SQLSTATE 23505"))
                .doesNotContain("Jane");
        assertThat(rows()).hasSize(2).contains("John Doe Köln 1.5");
    }

    @Test
    void a_failing_statement_of_a_route_on_no_feed_quotes_no_record_in_the_log() throws Exception {
        on(Database.POSTGRES, "name text UNIQUE");
        execute("INSERT INTO deals (name) VALUES ('Jane Roe')");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try {
            bridge = bundle().yaml("""
                            - route:
                                id: tick
                                from:
                                  uri: timer:tick?repeatCount=1&delay=0
                                  steps:
                                    - setBody:
                                        expression:
                                          constant:
                                            expression: Jane Roe
                                    - to:
                                        uri: "sql:INSERT INTO deals VALUES (:#${body})"
                            """).start();
            await().untilAsserted(() -> assertThat(List.copyOf(log.list))
                    .anyMatch(event ->
                            text(event).contains("the row breaks a constraint of its table (SQLSTATE 23505)")));
        } finally {
            root.detachAppender(log);
        }

        assertThat(List.copyOf(log.list)).noneMatch(event -> text(event).contains("Jane"));
    }

    @Test
    void a_database_that_is_down_holds_the_route_and_no_poll_and_gets_everything_later() throws Exception {
        Path data = folder.resolve("postgres");
        EmbeddedPostgres down = server(data, 0).start();
        int port = down.getPort();
        String url = down.getJdbcUrl("postgres", "postgres");
        try {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE deals (id text PRIMARY KEY, name text, city text, amount numeric)");
            }
            bridge = TestBridge.in(folder, sandbox)
                    .set("bridge.datasource.warehouse.url", url)
                    .route("deals", "deals", "parallel=8&retry.delay=50ms&retry.maxDelay=200ms", UPSERT)
                    .start();
            deal("Before");
            bridge.poll("deals");
            bridge.awaitDelivered("deals", 1);
            down.close();

            for (int i = 0; i < 10; i++) {
                deal("Meanwhile " + i);
            }
            bridge.poll("deals");
            bridge.awaitState("deals", "TARGET_DOWN");
            deal("Polled while it is down");
            bridge.poll("deals");
            assertThat(bridge.store().log().head()).isEqualTo(12);
            assertThat(bridge.route("deals").dead()).isZero();

            down = server(data, port).start();
            bridge.awaitDelivered("deals", 12);
            try (Connection connection = DriverManager.getConnection(url)) {
                assertThat(values(connection, "SELECT count(*) FROM deals")).containsExactly(List.of("12"));
            }
            assertThat(bridge.route("deals").dead()).isZero();
        } finally {
            down.close();
        }
    }

    private static EmbeddedPostgres.Builder server(Path data, int port) {
        EmbeddedPostgres.Builder server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off");
        return port == 0 ? server : server.setPort(port);
    }

    @Test
    void a_wrong_password_pauses_the_route_with_an_alarm_until_it_is_mended() throws Exception {
        on(Database.POSTGRES, "id text PRIMARY KEY, name text, city text, amount numeric");
        String rules = values("SHOW hba_file").get(0).get(0);
        String before = Files.readString(Path.of(rules));
        execute("CREATE ROLE bridge LOGIN PASSWORD 'right'");
        execute("GRANT ALL ON deals TO bridge");
        try {
            Files.writeString(Path.of(rules), "host all bridge all scram-sha-256\n" + before);
            execute("SELECT pg_reload_conf()");
            String url = url().replaceFirst("\\?.*", "");
            TestBridge.Draft draft = TestBridge.in(folder, sandbox)
                    .set("bridge.datasource.warehouse.url", url)
                    .set("bridge.datasource.warehouse.username", "bridge")
                    .set("bridge.datasource.warehouse.password", "wr0ng")
                    .route("deals", "deals", "", UPSERT);
            bridge = draft.start();
            deal("Jane Roe");
            bridge.poll("deals");
            bridge.awaitState("deals", "ALARM");

            assertThat(bridge.route("deals").reason())
                    .contains("the database refuses us (SQLSTATE 28P01)", "username and password")
                    .doesNotContain("wr0ng");
            assertThat(bridge.route("deals").dead()).isZero();
            execute("ALTER ROLE bridge PASSWORD 'wr0ng'");
            bridge.resume("deals");
            bridge.awaitDelivered("deals", 1);
        } finally {
            Files.writeString(Path.of(rules), before);
            execute("SELECT pg_reload_conf()");
            execute("DROP OWNED BY bridge");
            execute("DROP ROLE bridge");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lock_passes(Database which) throws Exception {
        on(which, "id text PRIMARY KEY, name text, city text, amount numeric");
        bridge = TestBridge.in(folder, sandbox)
                .set(
                        "bridge.datasource.warehouse.url",
                        which == Database.SQLITE ? url() + "?busy_timeout=50" : url() + "&options=-c%20lock_timeout=50")
                .route("deals", "deals", "retry.delay=20ms&retry.attempts=1000", UPSERT)
                .start();
        try (Connection other = DriverManager.getConnection(url());
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute(which == Database.SQLITE ? "INSERT INTO deals (id) VALUES ('x')" : "LOCK TABLE deals");
            deal("Waits");
            bridge.poll("deals");
            await().untilAsserted(
                            () -> assertThat(bridge.route("deals").parked()).isEqualTo(1));
            other.rollback();
        }

        bridge.awaitDelivered("deals", 1);
        assertThat(rows()).containsExactly("Waits Köln 1.5");
    }

    @Test
    void a_data_source_is_closed_with_the_bridge() throws Exception {
        bridge = bundle().set("bridge.datasource.warehouse.max-connections", 7)
                .route("deals", "deals", "", UPSERT)
                .start();
        HikariDataSource pool = bridge.camel().getRegistry().lookupByNameAndType("warehouse", HikariDataSource.class);
        assertThat(pool.isClosed()).isFalse();
        assertThat(pool.getMaximumPoolSize()).isEqualTo(7);

        bridge.close();
        bridge = null;

        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void a_url_without_a_driver_is_told_before_a_route_starts() {
        assertThatThrownBy(() -> TestBridge.in(folder, sandbox)
                        .set("bridge.datasource.warehouse.url", "jdbc:oracel:s3cret@host")
                        .route("deals", "deals", "", UPSERT)
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("bridge.datasource.warehouse: there is no driver for this url")
                .hasMessageNotContaining("s3cret");
    }

    private void deal(String name) {
        sandbox.workspace().create("deals", Map.of("name", name, "amount", 1.5, "address", Map.of("city", "Köln")));
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    private List<List<String>> values(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url())) {
            return values(connection, sql);
        }
    }

    private static List<List<String>> values(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(found.getString(column)));
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
